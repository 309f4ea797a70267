import { quoteText } from '../../sql/sql-text.ts'

/** How people and programs write instants and dates, as strptime says it. */
const formats = [
  '%d/%m/%Y %H:%M:%S',
  '%d/%m/%Y %H:%M',
  '%d/%m/%Y',
  '%m/%d/%Y %H:%M:%S',
  '%m/%d/%Y %H:%M',
  '%m/%d/%Y',
  '%m/%d/%Y %I:%M:%S %p',
  '%m/%d/%Y %I:%M %p',
  '%d/%m/%y %H:%M',
  '%d/%m/%y',
  '%m/%d/%y %H:%M',
  '%m/%d/%y',
  '%d.%m.%Y %H:%M:%S',
  '%d.%m.%Y %H:%M',
  '%d.%m.%Y',
  '%d.%m.%y',
  '%d-%m-%Y %H:%M:%S',
  '%d-%m-%Y %H:%M',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%d %b %Y',
  '%d %B %Y',
  '%b %d, %Y',
  '%B %d, %Y',
  '%Y/%m/%d %H:%M:%S',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%Y%m%d%H%M%S',
  '%Y%m%d',
  '%d%b%Y',
  '%a, %d %b %Y %H:%M:%S %z',
  '%d/%b/%Y:%H:%M:%S %z',
] as const

/** One row: for each format, whether all samples are written so. */
export function compileGuess(samples: string): string {
  const fits = formats.map(
    (format, index) => `bool_and(try_strptime(sample, ${quoteText(format)}) IS NOT NULL) AS f${index}`,
  )
  return `SELECT ${fits.join(', ')} FROM (${samples})`
}

/** @returns formats that all samples have; two when nobody can tell day from month */
export function readGuess(row: Readonly<Record<string, unknown>>): readonly string[] {
  return formats.filter((_, index) => row[`f${index}`] === true)
}
