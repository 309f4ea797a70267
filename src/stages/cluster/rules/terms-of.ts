import type { ComparisonOperator, Expression } from './expression.ts'
import { isLiteral, turned } from './expression.ts'
import type { ValueSet } from './value-set.ts'
import {
  anyValue,
  comparedWith,
  intersect,
  isEmpty,
  isWithin,
  knownOnly,
  missingOnly,
  noneOf,
  oneOf,
} from './value-set.ts'

/** One way for a condition to be true: what each column then is. */
export interface Term {
  readonly sets: ReadonlyMap<string, ValueSet>
  /** Whether the sets say all: where they hold, the condition is true. Otherwise they are only needed. */
  readonly isExact: boolean
}

/** More ways than this are not looked at. */
const MOST_TERMS = 256

const always: Term = { sets: new Map(), isExact: true }
const opaque: Term = { sets: new Map(), isExact: false }

/**
 * The ways in which a condition can be true, as intervals and sets of columns. Comparisons of a column with a literal are understood,
 * anything else (arithmetic, two columns) only says that something more is needed.
 *
 * @returns no term where the condition can never be true; null when it has too many
 */
export function termsOf(expression: Expression): readonly Term[] | null {
  return termsWhere(expression, true)
}

/** @param truth whether the condition is to be true or to be false; when it is neither, a rule does not match */
function termsWhere(expression: Expression, truth: boolean): readonly Term[] | null {
  switch (expression.kind) {
    case 'boolean':
      return expression.value === truth ? [always] : []
    case 'not':
      return termsWhere(expression.of, !truth)
    case 'logic': {
      const isAll = (expression.operator === 'and') === truth
      const parts = expression.operands.map((operand) => termsWhere(operand, truth))
      return parts.reduce(isAll ? both : either)
    }
    case 'feature':
      return [only(expression.name, oneOf([truth]))]
    case 'known':
      if (expression.value.kind !== 'feature') return [opaque]
      return [only(expression.value.name, expression.isKnown === truth ? knownOnly() : missingOnly())]
    case 'among': {
      const { value, options, isNegated } = expression
      if (value.kind !== 'feature') return [opaque]
      const values = options.map((option) => option.value)
      return [only(value.name, isNegated === truth ? noneOf(values) : oneOf(values))]
    }
    case 'between': {
      const { value, low, high, isNegated, at } = expression
      const from: Expression = { kind: 'comparison', operator: '>=', left: value, right: low, at }
      const to: Expression = { kind: 'comparison', operator: '<=', left: value, right: high, at }
      return termsWhere({ kind: 'logic', operator: 'and', operands: [from, to], at }, truth !== isNegated)
    }
    case 'comparison':
      return termsOfComparison(expression, truth)
    case 'number':
    case 'text':
    case 'negative':
    case 'arithmetic':
    case 'call':
      return [opaque]
  }
}

function termsOfComparison(
  { left, right, operator }: Extract<Expression, { kind: 'comparison' }>,
  truth: boolean,
): readonly Term[] {
  const wanted = truth ? operator : opposite[operator]
  if (left.kind === 'feature' && isLiteral(right)) return [only(left.name, comparedWith(wanted, right.value))]
  if (right.kind === 'feature' && isLiteral(left)) return [only(right.name, comparedWith(turned[wanted], left.value))]
  if (isLiteral(left) && isLiteral(right))
    return isWithin(oneOf([left.value]), comparedWith(wanted, right.value)) ? [always] : []
  return [opaque]
}

/** Terms that can be: those in which some column has no value left are none. */
export function possible(terms: readonly Term[]): readonly Term[] {
  return terms.filter(({ sets }) => ![...sets.values()].some(isEmpty))
}

/** Whether `inner` holds only where `outer` surely does. */
export function implies(inner: Term, outer: Term): boolean {
  if (!outer.isExact) return false
  return [...outer.sets].every(([column, set]) => isWithin(inner.sets.get(column) ?? anyValue, set))
}

function either(a: readonly Term[] | null, b: readonly Term[] | null): readonly Term[] | null {
  if (a === null || b === null || a.length + b.length > MOST_TERMS) return null
  return [...a, ...b]
}

function both(a: readonly Term[] | null, b: readonly Term[] | null): readonly Term[] | null {
  // What is never true stays so, however many terms the other side has.
  if (a?.length === 0 || b?.length === 0) return []
  if (a === null || b === null || a.length * b.length > MOST_TERMS) return null
  return possible(a.flatMap((one) => b.map((other) => join(one, other))))
}

function join(a: Term, b: Term): Term {
  const sets = new Map(a.sets)
  for (const [column, set] of b.sets) sets.set(column, intersect(sets.get(column) ?? anyValue, set))
  return { sets, isExact: a.isExact && b.isExact }
}

function only(column: string, set: ValueSet): Term {
  return { sets: new Map([[column, set]]), isExact: true }
}

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}
