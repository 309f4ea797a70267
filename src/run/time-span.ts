const DAYS: Readonly<Record<string, number>> = { days: 1, weeks: 7, months: 365 / 12, years: 365 }

/** Days of `90 days`, `13 weeks`, `36 months`, `3 years`. */
export function daysOf(span: string): number {
  const [count, unit] = span.split(' ')
  return Number(count) * DAYS[unit!]!
}

/** What money loses in a year (0.1: 110 in a year are 100 today), as a rate a day: after d days it is worth e^(−rate · d). */
export function dailyRate(yearlyDiscount: number): number {
  return Math.log1p(yearlyDiscount) / 365
}

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 }

/** Milliseconds of `90 minutes`, `1 day`. */
export function millisecondsOf(span: string): number {
  const [count, unit] = span.split(' ')
  return 1000 * Number(count) * SECONDS[unit!.replace(/s$/, '')]!
}
