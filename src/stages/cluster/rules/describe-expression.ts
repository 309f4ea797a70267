import type { FeatureUnit } from '../../features/catalogue/entry.ts'
import type { ReadableColumns } from '../readable-columns.ts'
import type { ComparisonOperator, Expression } from './expression.ts'
import { isLiteral, turned } from './expression.ts'
import { functions } from './functions.ts'
import { numberInWords } from '../number-in-words.ts'

const comparisonWords: Readonly<Record<ComparisonOperator, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
}
const arithmeticWords = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided by' } as const

/** A checked condition for people: `recency at most 30 days and country one of DE, AT`. */
export function describeExpression(expression: Expression, columns: ReadableColumns): string {
  return describe(expression, columns, null)
}

/** @param unit of what a bare number is compared with */
function describe(expression: Expression, columns: ReadableColumns, unit: FeatureUnit | null): string {
  const words = (part: Expression, of: FeatureUnit | null = null): string => describe(part, columns, of)
  const unitOf = (part: Expression): FeatureUnit | null => (part.kind === 'feature' ? columns[part.name]!.unit : null)
  switch (expression.kind) {
    case 'number':
      return numberInWords(expression.value, unit)
    case 'text':
      return expression.value === '' ? 'empty' : expression.value
    case 'boolean':
      return expression.value ? 'true' : 'false'
    case 'feature':
      return expression.name
    case 'negative':
      return `minus ${inside(expression.of, words)}`
    case 'arithmetic':
      return `${inside(expression.left, words)} ${arithmeticWords[expression.operator]} ${inside(expression.right, words)}`
    case 'comparison': {
      const { left, right, operator } = expression
      // The feature first: "recency below 30 days" for 30 > recency.
      if (isLiteral(left) && !isLiteral(right))
        return `${inside(right, words)} ${comparisonWords[turned[operator]]} ${words(left, unitOf(right))}`
      return `${inside(left, words)} ${comparisonWords[operator]} ${isLiteral(right) ? words(right, unitOf(left)) : inside(right, words)}`
    }
    case 'among': {
      const listed = expression.options.map((option) => words(option, unitOf(expression.value))).join(', ')
      return `${inside(expression.value, words)} ${expression.isNegated ? 'none' : 'one'} of ${listed}`
    }
    case 'between': {
      const { value, low, high, isNegated } = expression
      const of = unitOf(value)
      return `${inside(value, words)} ${isNegated ? 'not ' : ''}from ${words(low, of)} to ${words(high, of)}`
    }
    case 'known':
      return `${inside(expression.value, words)} ${expression.isKnown ? 'known' : 'missing'}`
    case 'logic':
      return expression.operands
        .map((part) => (part.kind === 'logic' ? `(${words(part)})` : words(part)))
        .join(` ${expression.operator} `)
    case 'not':
      return expression.of.kind === 'feature' ? `not ${words(expression.of)}` : `not (${words(expression.of)})`
    case 'call': {
      const { name, values } = expression
      const { words: title, gives, takes } = functions[name]!
      if (gives === 'boolean' && takes === 'text') return values.map((value) => words(value)).join(` ${title} `)
      return `${title} ${values.map((value) => words(value)).join(values.length === 2 ? ' and ' : ', ')}`
    }
  }
}

/** A part that has an operator of its own stands in parentheses. */
function inside(part: Expression, words: (part: Expression) => string): string {
  const isAtom = part.kind === 'feature' || part.kind === 'call' || isLiteral(part)
  return isAtom ? words(part) : `(${words(part)})`
}
