import type { ComparisonOperator } from './expression.ts'

/** Numbers from `low` to `high`, ends excluded where they are open. */
export interface Interval {
  readonly low: number
  readonly isLowOpen: boolean
  readonly high: number
  readonly isHighOpen: boolean
}

/** Values that a column may have where a part of a condition holds. */
export interface ValueSet {
  /** Numbers; of texts and truths all. */
  readonly interval: Interval
  /** Only these, null: all. Of numbers too. */
  readonly only: readonly (string | number | boolean)[] | null
  /** None of these. */
  readonly without: readonly (string | number | boolean)[]
  readonly mayBeMissing: boolean
  readonly mayBeKnown: boolean
}

const all: Interval = { low: -Infinity, isLowOpen: false, high: Infinity, isHighOpen: false }

export const anyValue: ValueSet = {
  interval: all,
  only: null,
  without: [],
  mayBeMissing: true,
  mayBeKnown: true,
}
const anyKnown: ValueSet = { ...anyValue, mayBeMissing: false }

export function missingOnly(): ValueSet {
  return { ...anyValue, mayBeKnown: false }
}

export function knownOnly(): ValueSet {
  return anyKnown
}

/** Where `column operator value` is true: the column is known then. */
export function comparedWith(operator: ComparisonOperator, value: string | number | boolean): ValueSet {
  if (operator === '=') return { ...anyKnown, only: [value] }
  if (operator === '!=') return { ...anyKnown, without: [value] }
  const bound = value as number
  const isOpen = operator === '<' || operator === '>'
  const interval =
    operator === '<' || operator === '<='
      ? { ...all, high: bound, isHighOpen: isOpen }
      : { ...all, low: bound, isLowOpen: isOpen }
  return { ...anyKnown, interval }
}

export function oneOf(values: readonly (string | number | boolean)[]): ValueSet {
  return { ...anyKnown, only: values }
}

export function noneOf(values: readonly (string | number | boolean)[]): ValueSet {
  return { ...anyKnown, without: values }
}

export function intersect(a: ValueSet, b: ValueSet): ValueSet {
  const { only } = a
  return {
    interval: narrower(a.interval, b.interval),
    only: only === null ? b.only : b.only === null ? only : only.filter((value) => b.only!.includes(value)),
    without: [...new Set([...a.without, ...b.without])],
    mayBeMissing: a.mayBeMissing && b.mayBeMissing,
    mayBeKnown: a.mayBeKnown && b.mayBeKnown,
  }
}

/** True only when there surely is no value; between two numbers there always is another one. */
export function isEmpty(set: ValueSet): boolean {
  return !set.mayBeMissing && hasNoKnown(set)
}

/** Whether every value of `inner` is surely in `outer`. */
export function isWithin(inner: ValueSet, outer: ValueSet): boolean {
  if (inner.mayBeMissing && !outer.mayBeMissing) return false
  if (hasNoKnown(inner)) return true
  if (!outer.mayBeKnown) return false
  if (inner.only !== null) return inner.only.every((value) => !has(inner, value) || has(outer, value))
  return (
    outer.only === null &&
    coversInterval(outer.interval, inner.interval) &&
    outer.without.every((value) => inner.without.includes(value) || !isInside(inner.interval, value))
  )
}

function hasNoKnown(set: ValueSet): boolean {
  if (!set.mayBeKnown) return true
  if (set.only !== null) return !set.only.some((value) => has(set, value))
  const { low, high, isLowOpen, isHighOpen } = set.interval
  if (low > high) return true
  return low === high && (isLowOpen || isHighOpen || set.without.includes(low))
}

function has({ interval, only, without }: ValueSet, value: string | number | boolean): boolean {
  return (only === null || only.includes(value)) && !without.includes(value) && isInside(interval, value)
}

function isInside({ low, isLowOpen, high, isHighOpen }: Interval, value: string | number | boolean): boolean {
  if (typeof value !== 'number') return true
  return (isLowOpen ? value > low : value >= low) && (isHighOpen ? value < high : value <= high)
}

function narrower(a: Interval, b: Interval): Interval {
  const [low, high] = [Math.max(a.low, b.low), Math.min(a.high, b.high)]
  return {
    low,
    isLowOpen: (a.low === low && a.isLowOpen) || (b.low === low && b.isLowOpen),
    high,
    isHighOpen: (a.high === high && a.isHighOpen) || (b.high === high && b.isHighOpen),
  }
}

function coversInterval(outer: Interval, inner: Interval): boolean {
  const low = outer.low < inner.low || (outer.low === inner.low && (!outer.isLowOpen || inner.isLowOpen))
  const high = outer.high > inner.high || (outer.high === inner.high && (!outer.isHighOpen || inner.isHighOpen))
  return low && high
}
