import { DateTime } from 'luxon'
import type { RunKind } from '../run/run-kind.ts'
import { type CronTimes, parseCron } from './cron.ts'
import { type TimedPipeline, zoneOf } from './period.ts'
import type { Schedule } from './schedule.ts'
import { wallOfInstant, type WallTime, weekdayOf } from './wall-clock.ts'

/** Times on the wall of a schedule's zone. */
export interface CalendarTimes extends CronTimes {
  /** Empty: every year. */
  readonly years: readonly number[]
}

/** A schedule as Temporal is told it: all of `times` but those of `skip`. */
export interface StartCalendar {
  readonly times: readonly CalendarTimes[]
  readonly skip: readonly CalendarTimes[]
}

const HOUR_MS = 60 * 60 * 1000
/** No zone changes its clocks twice in one. */
const WEEK_MS = 7 * 24 * HOUR_MS
/** Fixed, so that a schedule is the same whenever it is deployed. Clocks are changed by law: beyond, nobody knows. */
const FROM_YEAR = 2026
const TO_YEAR = 2045

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const everyDay = { days: range(1, 31), months: range(1, 12), weekdays: range(0, 6) }

/**
 * When runs of a kind start, literally as clocks show it: a server that matches clocks leaves out the times that they skip, so those are
 * added, one by one, at the instant after.
 */
export function startCalendar(pipeline: TimedPipeline, kind: RunKind): StartCalendar {
  const zone = zoneOf(pipeline)
  const schedule = pipeline.schedule!
  const refit = withSkippedTimes(zone, timesOf(schedule, schedule.refit))
  if (kind === 'refit') return { times: refit, skip: [] }
  return { times: withSkippedTimes(zone, timesOf(schedule, schedule.score!)), skip: refit }
}

function timesOf({ at, firstMonth }: Schedule, period: Schedule['refit'] | NonNullable<Schedule['score']>): CronTimes {
  if (typeof period === 'object') return parseCron(period.cron) as CronTimes
  const [hour, minute] = at.split(':').map(Number) as [number, number]
  const daily = { ...everyDay, hours: [hour], minutes: [minute] }
  switch (period) {
    case 'day':
      return daily
    case 'week':
      return { ...daily, weekdays: [1] }
    case 'month':
      return { ...daily, days: [1] }
    case 'quarter':
      return { ...daily, days: [1], months: everyDay.months.filter((month) => (month - firstMonth + 12) % 3 === 0) }
  }
}

function withSkippedTimes(zone: string, times: CronTimes): CalendarTimes[] {
  const added = jumpsOf(zone)
    .filter(({ from, to }) => skips(times, from, to))
    .map(({ to: { year, month, day, hour, minute } }) => ({
      ...everyDay,
      ...{ years: [year], months: [month], days: [day], hours: [hour], minutes: [minute] },
    }))
  return [{ ...times, years: [] }, ...added]
}

/** Whether clocks that jump leave out one of the times. */
function skips({ minutes, hours, days, months, weekdays }: CronTimes, from: WallTime, to: WallTime): boolean {
  for (let at = utcOf(from); at < utcOf(to); at = at.plus({ minutes: 1 })) {
    const isDay = months.includes(at.month) && days.includes(at.day) && weekdays.includes(weekdayOf(at) % 7)
    if (isDay && hours.includes(at.hour) && minutes.includes(at.minute)) return true
  }
  return false
}

/** Where clocks go forward: what they would have shown, and what they show. */
function jumpsOf(zone: string): { from: WallTime; to: WallTime }[] {
  const jumps = []
  const offset = (at: number): number => DateTime.fromMillis(at, { zone }).offset
  const end = Date.UTC(TO_YEAR + 1, 0)
  for (let week = Date.UTC(FROM_YEAR, 0); week < end; week += WEEK_MS) {
    const before = offset(week)
    if (before >= offset(week + WEEK_MS)) continue
    let [low, high] = [week, week + WEEK_MS]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offset(middle) === before) low = middle
      else high = middle
    }
    const skipped = (offset(high) - before) * (HOUR_MS / 60)
    const to = wallOfInstant(zone, high)
    const { year, month, day: date, hour, minute } = utcOf(to).minus(skipped)
    jumps.push({ from: { year, month, day: date, hour, minute }, to })
  }
  return jumps
}

function utcOf({ year, month, day, hour, minute }: WallTime): DateTime {
  return DateTime.utc(year, month, day, hour, minute)
}
