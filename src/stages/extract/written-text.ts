import type { CsvOptions, Source } from './config.ts'
import { quoteText } from '../../sql/sql-text.ts'

/** How the values of a text file are written. */
export type Dialect = Pick<CsvOptions, 'decimal' | 'thousands' | 'dateFormat' | 'timestampFormat' | 'nulls'>

/** Numbers with a point, dates in ISO 8601, nothing but the empty text for no value: what every source but a CSV file speaks. */
export const plainDialect: Dialect = { decimal: '.', nulls: [] }

/** @returns undefined when the places of the source write values in different ways: one relation cannot be read in both */
export function dialectOf({ from }: Pick<Source, 'from'>): Dialect | undefined {
  const dialects = [from].flat().map((place) => {
    if (!('file' in place) || place.csv === undefined) return plainDialect
    const { decimal, thousands, dateFormat, timestampFormat, nulls } = place.csv
    return { decimal, thousands, dateFormat, timestampFormat, nulls }
  })
  const [first] = dialects
  return dialects.every((dialect) => JSON.stringify(dialect) === JSON.stringify(first)) ? first : undefined
}

/** SQL: the text, NULL when it is one of those that stand for no value. */
export function withoutNullTexts(text: string, { nulls }: Dialect): string {
  return nulls.length === 0
    ? text
    : `CASE WHEN trim(${text}) IN (${nulls.map((one) => quoteText(one.trim())).join(', ')}) THEN NULL ELSE ${text} END`
}

/** Spaces that separate thousands: plain, no-break, narrow no-break. */
const SPACES = '\\x{20}\\x{A0}\\x{202F}'

/** SQL: a number in the engine's own spelling, NULL when it is written in another way than the file's. */
export function plainNumber(text: string, { decimal, thousands }: Dialect): string {
  if (thousands === undefined)
    // 1.234 would otherwise be a thousand to the writer and little more than one to the engine.
    return decimal === '.' ? text : `CASE WHEN NOT contains(${text}, '.') THEN replace(${text}, ',', '.') END`
  const separator = thousands === ' ' ? `[${SPACES}]` : `[${thousands}]`
  const written = `\\s*[+-]?([0-9]{1,3}(${separator}[0-9]{3})+|[0-9]+)([${decimal}][0-9]+)?\\s*`
  const together = `regexp_replace(${text}, ${quoteText(separator)}, '', 'g')`
  const plain = decimal === '.' ? together : `replace(${together}, ',', '.')`
  return `CASE WHEN regexp_full_match(${text}, ${quoteText(written)}) THEN ${plain} END`
}

export interface InstantFormat {
  readonly format: string
  /** The text says its own zone. */
  readonly hasZone: boolean
}

/** Formats for instants or dates, the fitting one first; empty: ISO 8601. */
export function formatsOf(
  { dateFormat, timestampFormat }: Dialect,
  target: 'date' | 'timestamp',
): readonly InstantFormat[] {
  const formats = target === 'date' ? [dateFormat, timestampFormat] : [timestampFormat, dateFormat]
  return formats.flatMap((format) => (format === undefined ? [] : [{ format, hasZone: /%[zZ]/.test(format) }]))
}
