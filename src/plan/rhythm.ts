import { DateTime } from 'luxon'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import { type CronTimes, parseCron } from './cron.ts'
import type { Schedule } from './schedule.ts'
import { addDays, instantOfWall, wallOfInstant, type WallTime, weekdayOf } from './wall-clock.ts'

/** What divides time into periods: of the calendar, or whatever lies between two times of a cron expression. */
export type Rhythm =
  { readonly every: 'day' | 'week' | 'month' | 'quarter'; readonly firstMonth: number } | { readonly cron: CronTimes }

/** A leap day may be eight years away: 1896 to 1904, 2096 to 2104. */
const LONGEST_GAP_DAYS = 8 * 366
const MONTHS_OF_QUARTER = 3

/** @throws ConfigInvalid for a cron expression that is none */
export function rhythmOf(period: Schedule['refit'] | 'day', firstMonth = 1): Rhythm {
  if (typeof period === 'string') return { every: period, firstMonth }
  const cron = parseCron(period.cron)
  if (!('problem' in cron)) return { cron }
  throw new ConfigInvalid(`Cron expression "${period.cron}" has ${cron.problem}.`, 'Write it as `0 6 2 1,7 *`.')
}

/** The newest end of a period that is not after an instant. */
export function endNotAfter(rhythm: Rhythm, zone: string, instantMs: number): number {
  const wall = wallOfInstant(zone, instantMs)
  if ('cron' in rhythm) return lastCronTime(rhythm.cron, zone, instantMs, wall)
  // The day after: where clocks go back over midnight its beginning is behind already.
  for (let day = firstDay(rhythm, addDays(wall, 1)); ; day = firstDay(rhythm, addDays(day, -1))) {
    const end = instantOfWall(zone, day)
    if (end <= instantMs) return end
  }
}

/** The first end of a period that is after an instant. */
export function endAfter(rhythm: Rhythm, zone: string, instantMs: number): number {
  const wall = wallOfInstant(zone, instantMs)
  if ('cron' in rhythm) return nextCronTime(rhythm.cron, zone, instantMs, wall)
  for (let day = firstDay(rhythm, addDays(wall, -1)); ; day = nextFirstDay(rhythm, day)) {
    const end = instantOfWall(zone, day)
    if (end > instantMs) return end
  }
}

/** What the period is called that ends on a day; undefined: it has no name but that day. */
export function periodName(rhythm: Rhythm, end: WallTime): string | undefined {
  if ('cron' in rhythm || rhythm.every === 'day') return undefined
  const last = addDays(end, -1)
  const day = DateTime.utc(last.year, last.month, last.day)
  if (rhythm.every === 'week') return day.toFormat("kkkk-'W'WW")
  if (rhythm.every === 'month') return day.toFormat('yyyy-MM')
  const { firstMonth } = rhythm
  const monthOfYear = (last.month - firstMonth + 12) % 12
  const quarter = Math.floor(monthOfYear / MONTHS_OF_QUARTER) + 1
  if (firstMonth === 1) return `${last.year}-Q${quarter}`
  const endsIn = last.month >= firstMonth ? last.year + 1 : last.year
  return `FY${String(endsIn % 100).padStart(2, '0')}-Q${quarter}`
}

type CalendarRhythm = Extract<Rhythm, { every: string }>

/** The first day of the period that a day is in, at midnight. */
function firstDay({ every, firstMonth }: CalendarRhythm, wall: WallTime): WallTime {
  const midnight = { ...wall, hour: 0, minute: 0 }
  if (every === 'day') return midnight
  if (every === 'week') return addDays(midnight, 1 - weekdayOf(wall))
  const past = every === 'month' ? 0 : (wall.month - firstMonth + 12) % MONTHS_OF_QUARTER
  const { year, month } = DateTime.utc(wall.year, wall.month, 1).minus({ months: past })
  return { ...midnight, year, month, day: 1 }
}

function nextFirstDay(rhythm: CalendarRhythm, first: WallTime): WallTime {
  const { year, month, day } = DateTime.utc(first.year, first.month, first.day).plus({ [`${rhythm.every}s`]: 1 })
  return { ...first, year, month, day }
}

function nextCronTime(cron: CronTimes, zone: string, instantMs: number, wall: WallTime): number {
  for (let offset = -1; offset <= LONGEST_GAP_DAYS; offset++)
    for (const time of timesOn(cron, zone, addDays(wall, offset))) if (time > instantMs) return time
  throw new RangeError('A cron expression that was checked has a next time.')
}

function lastCronTime(cron: CronTimes, zone: string, instantMs: number, wall: WallTime): number {
  for (let offset = 1; offset >= -LONGEST_GAP_DAYS; offset--)
    for (const time of timesOn(cron, zone, addDays(wall, offset)).reverse()) if (time <= instantMs) return time
  throw new RangeError('A cron expression that was checked has a last time.')
}

/** Instants of one day, oldest first. */
function timesOn({ minutes, hours, days, months, weekdays }: CronTimes, zone: string, day: WallTime): number[] {
  if (!months.includes(day.month) || !days.includes(day.day) || !weekdays.includes(weekdayOf(day) % 7)) return []
  return hours
    .flatMap((hour) => minutes.map((minute) => instantOfWall(zone, { ...day, hour, minute })))
    .sort((a, b) => a - b)
}
