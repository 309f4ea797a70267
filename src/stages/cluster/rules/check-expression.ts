import { listColumns } from '../method-problem.ts'
import type { NearColumn, ReadableColumns, ValueType } from '../readable-columns.ts'
import type { Expression, ExpressionProblem } from './expression.ts'
import { ExpressionRefused, refuse } from './expression.ts'
import { functions } from './functions.ts'

/**
 * Whether a condition reads columns that are there and compares like with like.
 *
 * @param nearColumns names that deserve more than "unknown"
 * @returns the first problem, null when there is none
 */
export function checkExpression(
  expression: Expression,
  columns: ReadableColumns,
  nearColumns: (name: string) => NearColumn | null = () => null,
): ExpressionProblem | null {
  try {
    const type = new Checker(columns, nearColumns).typeOf(expression)
    if (type !== 'boolean')
      refuse(expression.at, `a ${type}`, 'a condition, which is true or false', 'Compare it: monetary > 100.')
    return null
  } catch (error) {
    if (error instanceof ExpressionRefused) return error.problem
    throw error
  }
}

class Checker {
  readonly #columns: ReadableColumns
  readonly #nearColumns: (name: string) => NearColumn | null

  constructor(columns: ReadableColumns, nearColumns: (name: string) => NearColumn | null) {
    this.#columns = columns
    this.#nearColumns = nearColumns
  }

  typeOf(expression: Expression): ValueType {
    switch (expression.kind) {
      case 'number':
      case 'text':
      case 'boolean':
        return expression.kind
      case 'feature':
        return this.#feature(expression.name, expression.at)
      case 'negative':
        return this.#all('number', [expression.of], 'after -')
      case 'arithmetic':
        return this.#all('number', [expression.left, expression.right], `beside ${expression.operator}`)
      case 'comparison':
        return this.#comparison(expression)
      case 'among':
        return this.#same([expression.value, ...expression.options], 'of the list')
      case 'between':
        this.#all('number', [expression.value, expression.low, expression.high], 'beside between')
        return 'boolean'
      case 'known':
        this.typeOf(expression.value)
        return 'boolean'
      case 'logic':
        return this.#all('boolean', expression.operands, `beside ${expression.operator}`)
      case 'not':
        return this.#all('boolean', [expression.of], 'after not')
      case 'call':
        return this.#call(expression)
    }
  }

  #feature(name: string, at: number): ValueType {
    if (Object.hasOwn(this.#columns, name)) return this.#columns[name]!.type
    const near = this.#nearColumns(name)
    if (near) refuse(at, `"${name}"`, near.wanted, near.hint)
    const among = Object.keys(this.#columns)
    throw new ExpressionRefused({
      at,
      came: `"${name}"`,
      wanted: `a feature of this pipeline: ${listColumns(among)}`,
      unknown: { name, among },
    })
  }

  #comparison({ operator, left, right }: Extract<Expression, { kind: 'comparison' }>): ValueType {
    if (operator === '=' || operator === '!=') return this.#same([left, right], `beside ${operator}`)
    this.#all('number', [left, right], `beside ${operator}`)
    return 'boolean'
  }

  #call({ name, values, at }: Extract<Expression, { kind: 'call' }>): ValueType {
    const known = Object.hasOwn(functions, name) ? functions[name]! : undefined
    if (!known) {
      const among = Object.keys(functions)
      throw new ExpressionRefused({
        at,
        came: `function "${name}"`,
        wanted: `one of ${among.join(', ')}`,
        unknown: { name, among },
      })
    }
    if (values.length < known.fewest || values.length > known.most) {
      const wanted = known.fewest === known.most ? `${known.most}` : `${known.fewest} or more`
      refuse(at, `${name} of ${values.length} values`, `${name} of ${wanted}`)
    }
    const types = values.map((value) => this.typeOf(value))
    const wanted = known.takes === 'same' ? types[0]! : known.takes
    const odd = types.findIndex((type) => type !== wanted)
    if (odd >= 0) refuse(values[odd]!.at, `a ${types[odd]!} in ${name}`, `a ${wanted}`)
    return known.gives === 'same' ? types[0]! : known.gives
  }

  #all(wanted: ValueType, parts: readonly Expression[], where: string): ValueType {
    for (const part of parts) {
      const type = this.typeOf(part)
      if (type !== wanted) refuse(part.at, `a ${type} ${where}`, `a ${wanted}`, hintOf(type, wanted))
    }
    return wanted
  }

  #same(parts: readonly Expression[], where: string): 'boolean' {
    const wanted = this.typeOf(parts[0]!)
    for (const part of parts) {
      const type = this.typeOf(part)
      if (type !== wanted) refuse(part.at, `a ${type} ${where}`, `a ${wanted}`, hintOf(type, wanted))
    }
    return 'boolean'
  }
}

function hintOf(came: ValueType, wanted: ValueType): string | undefined {
  if (came === 'text' && wanted === 'number') return 'Numbers stand without quotes.'
  if (wanted === 'text') return "Texts stand in single quotes: 'DE'."
  if (came === 'number' && wanted === 'boolean') return 'It is true or false by itself, or compare it: = true, > 0.'
  return undefined
}
