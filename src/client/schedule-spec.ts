import {
  type CalendarSpec,
  type CalendarSpecDescription,
  DAYS_OF_WEEK,
  MONTHS,
  type Range,
  type ScheduleSpec,
} from '@temporalio/client'
import type { CalendarTimes, StartCalendar } from '../plan/start-calendar.ts'

/** A schedule's times, as Temporal is told them. */
export function calendarSpecs(
  { times, skip }: StartCalendar,
  comment: string,
): Pick<ScheduleSpec, 'calendars' | 'skip'> {
  return { calendars: times.map((one) => ({ ...specOf(one), comment })), skip: skip.map(specOf) }
}

/** As text that is the same for the same times, for people to compare: `quarters of months 1, 4, 7, 10; days 1; at 06:00`. */
export function calendarText(specs: readonly (CalendarSpec | CalendarSpecDescription)[] = []): string {
  return specs.map(textOf).sort().join(' and ') || 'never'
}

function specOf({ years, months, days, weekdays, hours, minutes }: CalendarTimes): CalendarSpec {
  return {
    ...(years.length > 0 && { year: [...years] }),
    month: months.length === MONTHS.length ? '*' : months.map((month) => MONTHS[month - 1]!),
    dayOfMonth: days.length === 31 ? '*' : [...days],
    dayOfWeek: weekdays.length === DAYS_OF_WEEK.length ? '*' : weekdays.map((day) => DAYS_OF_WEEK[day]!),
    hour: hours.length === 24 ? '*' : [...hours],
    minute: minutes.length === 60 ? '*' : [...minutes],
  }
}

type Field = CalendarSpec[Exclude<keyof CalendarSpec, 'comment'>] | readonly Range<string | number>[]

function textOf({ year, month, dayOfMonth, dayOfWeek, hour, minute, second }: CalendarSpec | CalendarSpecDescription) {
  const field = (name: string, value: Field, all: readonly (string | number)[]): string | undefined => {
    const taken = valuesOf(value, all)
    return taken.length === all.length ? undefined : `${name} ${taken.join(', ')}`
  }
  const years = valuesOf(year, [])
  const clock = [hour, minute, ...(isZero(second) ? [] : [second])].map((part, index) => {
    const all = numbers(0, index === 0 ? 23 : 59)
    const values = part === undefined ? [0] : valuesOf(part, all)
    return values.length === all.length ? '*' : values.map((value) => String(value).padStart(2, '0')).join(',')
  })
  return [
    years.length > 0 ? `years ${years.join(', ')}` : undefined,
    field('months', month, MONTHS),
    field('days', dayOfMonth, numbers(1, 31)),
    field('weekdays', dayOfWeek, DAYS_OF_WEEK),
    `at ${clock.join(':')}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

function isZero(second: Field): boolean {
  return second === undefined || valuesOf(second, numbers(0, 59)).every((value) => value === 0)
}

/** Every value that a field takes, in order. */
function valuesOf(field: Field, all: readonly (string | number)[]): (string | number)[] {
  if (field === undefined || field === '*') return [...all]
  const items = Array.isArray(field) ? field : [field]
  const found = new Set<string | number>()
  for (const item of items as (string | number | Range<string | number>)[]) {
    if (typeof item !== 'object') found.add(item)
    else for (const value of rangeValues(item, all)) found.add(value)
  }
  return [...found].sort((a, b) => order(a, all) - order(b, all))
}

function rangeValues({ start, end, step }: Range<string | number>, all: readonly (string | number)[]) {
  const from = order(start, all)
  const to = Math.max(from, order(end, all))
  return numbers(from, to)
    .filter((position) => (position - from) % Math.max(1, step) === 0)
    .map((position) => (typeof start === 'number' ? position : all[position]!))
}

function order(value: string | number, all: readonly (string | number)[]): number {
  return typeof value === 'number' ? value : all.indexOf(value)
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
