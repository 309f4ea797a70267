import { timestamp } from '../../../sql/sql-text.ts'
import type { FeatureRequest } from './entry.ts'

/** Microseconds of a day, as a DOUBLE. */
export const DAY_US = '86400e6'

/** Microseconds since 1970 of an instant that has whole milliseconds. */
export function epochUs(iso: string): string {
  return String(BigInt(Date.parse(iso)) * 1000n)
}

/** The `filter` of an aggregate; nothing when no condition is given. */
export function filter(...conditions: readonly (string | null)[]): string {
  const given = conditions.filter((condition) => condition !== null)
  return given.length === 0 ? '' : ` filter (where ${given.map((condition) => `(${condition})`).join(' and ')})`
}

/** The rows of the window, by a column of type TIMESTAMP. */
export function sinceStart({ windowStart }: FeatureRequest, column = 'occurred_at'): string | null {
  return windowStart === null ? null : `${column} >= ${timestamp(windowStart)}`
}

/** The rows of the window, by a column of microseconds. */
export function sinceStartUs({ windowStart }: FeatureRequest, column = 'instant_us'): string | null {
  return windowStart === null ? null : `${column} >= ${epochUs(windowStart)}`
}

/** Division of two exact numbers as floats; null when the divisor is not above 0. */
export function ratio(dividend: string, divisor: string): string {
  return `case when ${divisor} > 0 then cast(${dividend} as double) / cast(${divisor} as double) end`
}
