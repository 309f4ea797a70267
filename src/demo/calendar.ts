const MS_PER_DAY = 86_400_000
const firstDayMs = Date.UTC(2024, 9, 1)

/** Days of the demo shop: 0 is 2024-10-01, `dayCount` is 2026-10-01, the first day after its two years. */
export const dayCount = (Date.UTC(2026, 9, 1) - firstDayMs) / MS_PER_DAY

/** First day of its last quarter, 2026-07-01, in which behaviour changes. */
export const lastQuarterDay = (Date.UTC(2026, 6, 1) - firstDayMs) / MS_PER_DAY

/** Shop hours: no purchase falls into the night in which clocks change. */
export const openingSecond = 8 * 3600
export const closingSecond = 22 * 3600

const dates = Array.from({ length: dayCount }, (_, day) => formatDate(day))

/** `2024-10-01` for 0; days before the shop's first are for sign-ups. */
export function formatDate(day: number): string {
  return new Date(firstDayMs + day * MS_PER_DAY).toISOString().slice(0, 10)
}

/** Wall-clock time in Europe/Berlin, without a zone: `2024-10-01 08:00:00`. */
export function formatInstant(day: number, second: number): string {
  return `${dates[day]!} ${twoDigits(Math.floor(second / 3600))}:${twoDigits(Math.floor(second / 60) % 60)}:${twoDigits(second % 60)}`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
