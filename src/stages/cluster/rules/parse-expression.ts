import type { ComparisonOperator, Expression, ExpressionProblem, Literal } from './expression.ts'
import { ExpressionRefused, refuse } from './expression.ts'
import { readTokens } from './tokens.ts'
import type { Token } from './tokens.ts'

const MOST_LEVELS = 40
const comparisons: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']

export type Parsed = { readonly expression: Expression } | { readonly problem: ExpressionProblem }

/**
 * Reads a condition by recursive descent. From the weakest binding to the strongest: `or`, `and`, `not`, one comparison (also `in`,
 * `between`, `is known`), `+ -`, `* /`, the sign.
 */
export function parseExpression(text: string): Parsed {
  try {
    const parser = new Parser(readTokens(text))
    return { expression: parser.whole() }
  } catch (error) {
    if (error instanceof ExpressionRefused) return { problem: error.problem }
    throw error
  }
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #level = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expression {
    const expression = this.#either()
    const { kind, text, at, written } = this.#token
    if (kind === 'end') return expression
    if (kind === 'sign' && comparisons.includes(text))
      refuse(
        at,
        `a second comparison, ${written}`,
        '`and`, `or` or the end',
        'Write 1 < x and x < 5, or x between 1 and 5.',
      )
    refuse(at, came(this.#token), '`and`, `or`, a comparison or the end')
  }

  #either(): Expression {
    return this.#chain('or', () => this.#all())
  }

  #all(): Expression {
    return this.#chain('and', () => this.#negation())
  }

  #chain(operator: 'and' | 'or', operand: () => Expression): Expression {
    const first = operand()
    const operands = [first]
    while (this.#take('word', operator)) operands.push(operand())
    return operands.length === 1 ? first : { kind: 'logic', operator, operands, at: first.at }
  }

  #negation(): Expression {
    const { at } = this.#token
    if (!this.#take('word', 'not')) return this.#condition()
    return this.#deeper(() => ({ kind: 'not', of: this.#negation(), at }))
  }

  #condition(): Expression {
    const value = this.#sum()
    const { at } = value
    const { kind, text } = this.#token
    if (kind === 'sign' && comparisons.includes(text)) {
      this.#next += 1
      return { kind: 'comparison', operator: text as ComparisonOperator, left: value, right: this.#sum(), at }
    }
    if (this.#take('word', 'is')) return this.#knownness(value)
    const isNegated = this.#take('word', 'not')
    if (this.#take('word', 'in')) return { kind: 'among', value, options: this.#list(), isNegated, at }
    if (this.#take('word', 'between')) {
      const low = this.#sum()
      this.#expect('word', 'and', '`and` between the two bounds')
      return { kind: 'between', value, low, high: this.#sum(), isNegated, at }
    }
    if (isNegated) refuse(this.#token.at, came(this.#token), '`in` or `between` after `not`')
    return value
  }

  #knownness(value: Expression): Expression {
    const isNegated = this.#take('word', 'not')
    const { kind, text, at } = this.#token
    const word = kind === 'name' ? text.toLowerCase() : ''
    if (word !== 'known' && word !== 'missing')
      refuse(at, came(this.#token), '`known` or `missing` after `is`', 'Values are compared by =: x = 5.')
    this.#next += 1
    return { kind: 'known', value, isKnown: (word === 'known') !== isNegated, at: value.at }
  }

  #list(): readonly Literal[] {
    this.#expect('sign', '(', 'a list in parentheses')
    const options = [this.#literal()]
    while (this.#take('sign', ',')) options.push(this.#literal())
    this.#expect('sign', ')', '`,` or `)` in the list')
    return options
  }

  #literal(): Literal {
    const { at } = this.#token
    const isNegative = this.#take('sign', '-')
    const value = this.#value()
    if (value?.kind === 'number' && isNegative) return { ...value, value: -value.value, at }
    if (value && !isNegative) return value
    refuse(this.#token.at, came(this.#token), 'a number, a text in single quotes, true or false')
  }

  /** A literal, if one comes. */
  #value(): Literal | undefined {
    const { kind, at, text } = this.#token
    const isTruth = kind === 'word' && (text === 'true' || text === 'false')
    if (kind !== 'number' && kind !== 'text' && !isTruth) return undefined
    this.#next += 1
    if (kind === 'number') return { kind, value: Number(text), at }
    return kind === 'text' ? { kind, value: text, at } : { kind: 'boolean', value: text === 'true', at }
  }

  #sum(): Expression {
    return this.#arithmetic(['+', '-'], () => this.#arithmetic(['*', '/'], () => this.#signed()))
  }

  #arithmetic(operators: readonly ('+' | '-' | '*' | '/')[], operand: () => Expression): Expression {
    let left = operand()
    for (;;) {
      const operator = operators.find((one) => this.#take('sign', one))
      if (operator === undefined) return left
      left = { kind: 'arithmetic', operator, left, right: operand(), at: left.at }
    }
  }

  #signed(): Expression {
    const { at } = this.#token
    if (!this.#take('sign', '-')) return this.#primary()
    return this.#deeper(() => {
      const of = this.#signed()
      return of.kind === 'number' ? { ...of, value: -of.value, at } : { kind: 'negative', of, at }
    })
  }

  #primary(): Expression {
    const value = this.#value()
    if (value) return value
    const token = this.#token
    if (token.kind === 'name') {
      this.#next += 1
      if (!token.written.startsWith('"') && this.#take('sign', '(')) return this.#call(token)
      return { kind: 'feature', name: token.text, at: token.at }
    }
    if (this.#take('sign', '('))
      return this.#deeper(() => {
        const inner = this.#either()
        this.#expect('sign', ')', '`)`')
        return inner
      })
    refuse(token.at, came(token), 'a feature, a number, a text or `(`')
  }

  #call({ text, at }: Token): Expression {
    return this.#deeper(() => {
      const values: Expression[] = []
      if (!this.#take('sign', ')')) {
        do values.push(this.#either())
        while (this.#take('sign', ','))
        this.#expect('sign', ')', '`,` or `)` after a value')
      }
      return { kind: 'call', name: text, values, at }
    })
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #take(kind: Token['kind'], text: string): boolean {
    const isThere = this.#token.kind === kind && this.#token.text === text
    if (isThere) this.#next += 1
    return isThere
  }

  #expect(kind: Token['kind'], text: string, wanted: string): void {
    if (!this.#take(kind, text)) refuse(this.#token.at, came(this.#token), wanted)
  }

  #deeper<T>(read: () => T): T {
    this.#level += 1
    if (this.#level > MOST_LEVELS)
      refuse(this.#token.at, `more than ${MOST_LEVELS} levels`, 'fewer parentheses inside one another')
    const result = read()
    this.#level -= 1
    return result
  }
}

function came({ kind, written }: Token): string {
  return kind === 'end' ? 'the end of the condition' : `"${written.length > 40 ? `${written.slice(0, 40)}…` : written}"`
}
