import { DateTime } from 'luxon'

const DAY_MS = 24 * 60 * 60 * 1000

/** What a clock on the wall and a calendar beside it show. */
export interface WallTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/**
 * The instant at which clocks of a zone first show a time. Where they skip it, the instant at which they do; so a day always begins once,
 * also where summer time begins at midnight, or a zone jumps over the date line.
 *
 * @returns milliseconds since 1970
 */
export function instantOfWall(zone: string, wall: WallTime): number {
  const shown = DateTime.fromObject({ ...wall }, { zone: 'utc' }).toMillis()
  // No zone is further from UTC than a day, and none changes its clocks twice in two.
  const before = shown - offsetMs(zone, shown - DAY_MS)
  const after = shown - offsetMs(zone, shown + DAY_MS)
  const [first, second] = before < after ? [before, after] : [after, before]
  if (first + offsetMs(zone, first) === shown) return first
  if (second + offsetMs(zone, second) === shown) return second
  return changeBetween(zone, first, second)
}

/** @returns what clocks of the zone show at an instant; seconds are left out */
export function wallOfInstant(zone: string, instantMs: number): WallTime {
  const { year, month, day, hour, minute } = DateTime.fromMillis(instantMs, { zone })
  return { year, month, day, hour, minute }
}

/** The day `days` later, by the calendar alone. */
export function addDays(wall: WallTime, days: number): WallTime {
  const { year, month, day } = DateTime.utc(wall.year, wall.month, wall.day).plus({ days })
  return { ...wall, year, month, day }
}

/** 1 is Monday, 7 Sunday. */
export function weekdayOf({ year, month, day }: WallTime): number {
  return DateTime.utc(year, month, day).weekday
}

function offsetMs(zone: string, instantMs: number): number {
  return DateTime.fromMillis(instantMs, { zone }).offset * 60_000
}

/** The first instant with the new offset. */
function changeBetween(zone: string, fromMs: number, toMs: number): number {
  const old = offsetMs(zone, fromMs)
  let [low, high] = [fromMs, toMs]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(zone, middle) === old) low = middle
    else high = middle
  }
  return high
}
