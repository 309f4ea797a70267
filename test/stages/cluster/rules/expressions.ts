import fc from 'fast-check'
import type { ReadableColumns } from '../../../../src/stages/cluster/readable-columns.ts'
import type { Expression } from '../../../../src/stages/cluster/rules/expression.ts'

/** Names that a careless compiler would read as SQL. */
export const columns: ReadableColumns = {
  recency: { type: 'number', unit: 'days' },
  'spend:a"b': { type: 'number', unit: 'share' },
  "spend:'; DROP TABLE t; --": { type: 'number', unit: 'share' },
  country: { type: 'text', unit: 'text' },
  select: { type: 'text', unit: 'text' },
  isMember: { type: 'boolean', unit: 'level' },
}

export type Value = number | string | boolean | null
export type Row = Readonly<Record<string, Value>>

const hostile = fc.oneof(
  fc.constantFrom(
    'DE',
    'AT',
    '',
    "'",
    "''",
    '"',
    '\\',
    "';--",
    '/*',
    '*/',
    '%',
    '_',
    "' OR 1=1 --",
    '$$',
    '{x}',
    '?',
    '$1',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/\p{Cc}|\p{Cs}/u.test(text)),
)
const small = fc.constantFrom(0, 1, 2, 3, 5, 0.5, 2.5, 1e21, 1e-7, 123456789.125)
const at = 0

const ofType = (type: string): readonly string[] => Object.keys(columns).filter((name) => columns[name]!.type === type)
const feature = (type: string): fc.Arbitrary<Expression> =>
  fc.constantFrom(...ofType(type)).map((name) => ({ kind: 'feature', name, at }))

const { condition } = fc.letrec<{ number: Expression; text: Expression; condition: Expression }>((tie) => {
  const pairs = fc.tuple(tie('number'), tie('number'))
  return {
    number: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'expression' },
      feature('number'),
      small.map((value): Expression => ({ kind: 'number', value, at })),
      small.map((value): Expression => ({ kind: 'number', value: -value, at })),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/'), tie('number'), tie('number'))
        .map(([operator, left, right]): Expression => ({ kind: 'arithmetic', operator, left, right, at })),
      feature('number').map((of): Expression => ({ kind: 'negative', of, at })),
      fc
        .tuple(fc.constantFrom('min', 'max', 'coalesce'), pairs)
        .map(([name, values]): Expression => ({ kind: 'call', name, values, at })),
      fc
        .tuple(fc.constantFrom('abs', 'round', 'floor', 'ceil'), tie('number'))
        .map(([name, value]): Expression => ({ kind: 'call', name, values: [value], at })),
    ),
    text: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'expression' },
      feature('text'),
      hostile.map((value): Expression => ({ kind: 'text', value, at })),
      fc.tuple(tie('text'), tie('text')).map((values): Expression => ({ kind: 'call', name: 'coalesce', values, at })),
    ),
    condition: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      feature('boolean'),
      fc
        .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), tie('number'), tie('number'))
        .map(([operator, left, right]): Expression => ({ kind: 'comparison', operator, left, right, at })),
      fc
        .tuple(fc.constantFrom('=', '!='), tie('text'), tie('text'))
        .map(([operator, left, right]): Expression => ({ kind: 'comparison', operator, left, right, at })),
      fc.tuple(feature('number'), small, fc.boolean(), small).map(([left, low, isNegated, high]): Expression => ({
        kind: 'between',
        value: left,
        low: { kind: 'number', value: low, at },
        high: { kind: 'number', value: high, at },
        isNegated,
        at,
      })),
      fc
        .tuple(tie('text'), fc.array(hostile, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([value, options, isNegated]): Expression => ({
          kind: 'among',
          value,
          options: options.map((option) => ({ kind: 'text', value: option, at })),
          isNegated,
          at,
        })),
      fc
        .tuple(fc.oneof(tie('number'), tie('text')), fc.boolean())
        .map(([value, isKnown]): Expression => ({ kind: 'known', value, isKnown, at })),
      fc
        .tuple(fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'), tie('text'))
        .map(([name, ...values]): Expression => ({ kind: 'call', name, values, at })),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
        .map(([operator, operands]): Expression => ({ kind: 'logic', operator, operands, at })),
      tie('condition').map((of): Expression => ({ kind: 'not', of, at })),
    ),
  }
})

/** Conditions that compare like with like, with texts and names that try to break out. */
export { condition }

/** Customers, with values that the conditions mention, and missing ones. */
export const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(
    Object.entries(columns).map(([name, { type }]): [string, fc.Arbitrary<Value>] => {
      if (type === 'number') return [name, fc.option(small)]
      return [name, type === 'text' ? fc.option(hostile) : fc.option(fc.boolean())]
    }),
  ),
)

/** An expression as somebody would write it, every part in parentheses. */
export function write(expression: Expression): string {
  switch (expression.kind) {
    case 'number': {
      const size = String(Math.abs(expression.value))
      return expression.value < 0 || Object.is(expression.value, -0) ? `-${size}` : size
    }
    case 'text':
      return `'${expression.value.replaceAll("'", "''")}'`
    case 'boolean':
      return String(expression.value)
    case 'feature':
      return `"${expression.name.replaceAll('"', '""')}"`
    case 'negative':
      return `-(${write(expression.of)})`
    case 'arithmetic':
    case 'comparison':
      return `(${write(expression.left)}) ${expression.operator} (${write(expression.right)})`
    case 'among':
      return `(${write(expression.value)}) ${expression.isNegated ? 'not ' : ''}in (${expression.options.map(write).join(', ')})`
    case 'between':
      return `(${write(expression.value)}) ${expression.isNegated ? 'not ' : ''}between (${write(expression.low)}) and (${write(expression.high)})`
    case 'known':
      return `(${write(expression.value)}) is ${expression.isKnown ? 'known' : 'missing'}`
    case 'logic':
      return expression.operands.map((operand) => `(${write(operand)})`).join(` ${expression.operator} `)
    case 'not':
      return `not (${write(expression.of)})`
    case 'call':
      return `${expression.name}(${expression.values.map(write).join(', ')})`
  }
}

/** What an expression is of a row, worked out by hand, node by node: null is missing, or neither true nor false. */
export function evaluate(expression: Expression, of: Row): Value {
  const value = (part: Expression): Value => evaluate(part, of)
  const known = (parts: readonly Expression[], from: (values: readonly never[]) => Value): Value => {
    const values = parts.map(value)
    return values.includes(null) ? null : from(values as never[])
  }
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'boolean':
      return expression.value
    case 'feature':
      return of[expression.name]!
    case 'negative':
      return known([expression.of], ([a]) => -a!)
    case 'arithmetic':
      return known([expression.left, expression.right], (pair) => {
        const [a, b] = pair as unknown as readonly [number, number]
        if (expression.operator === '/') return b === 0 ? null : a / b
        return expression.operator === '+' ? a + b : expression.operator === '-' ? a - b : a * b
      })
    case 'comparison':
      return known([expression.left, expression.right], ([a, b]) => compare(expression.operator, a!, b!))
    case 'among':
      return known([expression.value], ([a]) => {
        const isIn = expression.options.some((option) => option.value === a)
        return isIn !== expression.isNegated
      })
    case 'between':
      return known([expression.value, expression.low, expression.high], ([a, low, high]) => {
        const isIn = a! >= low! && a! <= high!
        return isIn !== expression.isNegated
      })
    case 'known':
      return (value(expression.value) !== null) === expression.isKnown
    case 'logic': {
      const decides = expression.operator === 'or'
      const truths = expression.operands.map(value)
      return truths.includes(decides) ? decides : truths.includes(null) ? null : !decides
    }
    case 'not':
      return known([expression.of], ([a]) => !a)
    case 'call':
      return call(expression.name, expression.values.map(value))
  }
}

function compare(operator: string, a: Value, b: Value): boolean {
  if (operator === '=') return a === b
  if (operator === '!=') return a !== b
  if (operator.startsWith('<')) return operator === '<' ? a! < b! : a! <= b!
  return operator === '>' ? a! > b! : a! >= b!
}

function call(name: string, values: readonly Value[]): Value {
  const known = values.filter((value) => value !== null)
  if (name === 'coalesce') return known[0] ?? null
  if (name === 'min' || name === 'max') return known.length === 0 ? null : Math[name](...(known as number[]))
  if (known.length < values.length) return null
  const [first, second] = known
  switch (name) {
    case 'contains':
      return String(first).includes(String(second))
    case 'startsWith':
      return String(first).startsWith(String(second))
    case 'endsWith':
      return String(first).endsWith(String(second))
    case 'abs':
    case 'floor':
    case 'ceil':
      return Math[name](first as number)
    case 'round':
      // Halves away from 0.
      return Math.sign(first as number) * Math.round(Math.abs(first as number))
    default:
      throw new Error(name)
  }
}
