import { InvalidArgumentError } from 'commander'
import { millisecondsOf } from '../run/time-span.ts'

const SPAN = /^[1-9]\d{0,4} (minutes?|hours?|days?)$/

/**
 * Reads `12 hours`, `7 days`, `2026-10-01` (midnight UTC) or an instant with its zone.
 *
 * @returns an ISO instant
 * @throws InvalidArgumentError, which commander turns into wrong usage
 */
export function sinceInstant(text: string): string {
  if (SPAN.test(text)) return new Date(Date.now() - millisecondsOf(text)).toISOString()
  const instant = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(instant))
    throw new InvalidArgumentError('A span as "12 hours" or "7 days" is wanted, or a date as 2026-10-01.')
  return new Date(instant).toISOString()
}
