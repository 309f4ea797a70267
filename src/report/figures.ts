import { formatCount } from '../run/figures.ts'

/** `2.1 s`, `3 min 05 s`, `2 h 07 min` */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 60) return `${minutes} min ${pad(Math.round(seconds) % 60)} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

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

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
