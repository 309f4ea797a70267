/** The wall-clock times of a cron expression, each field as the values it takes, in order. */
export interface CronTimes {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: readonly number[]
  readonly months: readonly number[]
  /** 0 is Sunday. */
  readonly weekdays: readonly number[]
}

interface Field {
  readonly name: string
  readonly from: number
  readonly to: number
  /** What stands for the first value, the second, … */
  readonly words?: readonly string[]
}

const monthWords = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: monthWords },
  // 7 is Sunday too.
  { name: 'day of week', from: 0, to: 7, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]
const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** @returns what is wrong with it instead, for people */
export function parseCron(text: string): CronTimes | { readonly problem: string } {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length)
    return { problem: `${parts.length} fields, not five: minute, hour, day of month, month, day of week` }
  const values = fields.map((field, index) => valuesOf(parts[index]!, field))
  const wrong = values.findIndex((one) => one === undefined)
  if (wrong >= 0) {
    const { name, from, to } = fields[wrong]!
    return { problem: `"${parts[wrong]}" is no ${name}: ${from} to ${to}, lists, ranges and steps` }
  }
  const [minutes, hours, days, months, weekdays] = values as number[][]
  // Some crons take either of the two, some both: nobody should have to know which.
  if (parts[2] !== '*' && parts[4] !== '*') return { problem: 'a day of month and a day of week: leave one of them *' }
  if (!months!.some((month) => days!.some((day) => day <= longestMonth[month - 1]!)))
    return { problem: 'a day that no month of it has' }
  const sundays = [...new Set(weekdays!.map((day) => day % 7))].sort((a, b) => a - b)
  return { minutes: minutes!, hours: hours!, days: days!, months: months!, weekdays: sundays }
}

function valuesOf(text: string, field: Field): number[] | undefined {
  const found = new Set<number>()
  for (const item of text.split(',')) {
    const match = /^(?:(\*)|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/([1-9]\d*))?$/i.exec(item)
    if (!match) return undefined
    const [, all, low, high, every] = match
    const from = all ? field.from : numberOf(low!, field)
    // `5/15` runs on to the end, as everywhere.
    const to = all ? field.to : high !== undefined ? numberOf(high, field) : every === undefined ? from : field.to
    if (from === undefined || to === undefined || to < from) return undefined
    for (let value = from; value <= to; value += Number(every ?? 1)) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}

function numberOf(text: string, { from, to, words }: Field): number | undefined {
  const word = words?.indexOf(text.toLowerCase()) ?? -1
  const value = word >= 0 ? from + word : /^\d+$/.test(text) ? Number(text) : NaN
  return value >= from && value <= to ? value : undefined
}
