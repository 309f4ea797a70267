import { formatCount } from '../run/figures.ts'

/** The day of an instant in a zone, as in run keys: `2026-10-01`. */
export function formatDay(instant: string, zone: string): string {
  return localParts(instant, zone).slice(0, 10)
}

/** `2026-10-01 00:00 Europe/Berlin` */
export function formatLocal(instant: string, zone: string): string {
  return `${localParts(instant, zone)} ${zone}`
}

/** Swedish writes dates as ISO 8601 does. */
function localParts(instant: string, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(Date.parse(instant))
}

/** `1 customer`, `2 customers` */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}
