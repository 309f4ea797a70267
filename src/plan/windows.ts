import { DateTime } from 'luxon'

/**
 * The instant at which a window before the as-of begins: `12 months` before midnight is midnight, in the pipeline's zone, whatever
 * summer time does in between. A day that the month lacks becomes its last one.
 *
 * @param asOf ISO 8601, UTC
 * @param window `90 days`, `6 weeks`, `12 months`
 * @param timezone IANA zone
 * @returns ISO 8601, UTC; the window is [start, as-of)
 */
export function windowStart(asOf: string, window: string, timezone: string): string {
  const [count, unit] = window.split(' ')
  const start = DateTime.fromISO(asOf, { zone: timezone }).minus({ [unit!]: Number(count) })
  return start.toUTC().toISO()!
}
