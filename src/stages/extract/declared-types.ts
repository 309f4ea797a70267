import type { Source } from './config.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { formatsOf, plainNumber, type Dialect } from './written-text.ts'

/** Six decimals: enough for prices and rates, and the product of two still fits the engine's 38 digits. */
const DECIMAL = 'DECIMAL(18, 6)'

/** A text that says its own offset: 10:00Z, 10:00+02:00. */
export const hasOffset = (text: string): string =>
  `regexp_matches(${text}, '[0-9]:[0-9].*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)\\s*$')`

/**
 * SQL: the value of a column in its declared type, NULL when it does not fit. The engine's casts ignore white space around.
 *
 * @param isText texts are read as `dialect` writes them
 */
export function castDeclared(
  column: string,
  type: Exclude<Source['types'][string], 'text'>,
  isText: boolean,
  dialect: Dialect,
  timezone: string,
): string {
  const number = isText ? plainNumber(column, dialect) : column
  switch (type) {
    case 'integer':
      return wholeNumber(isText ? number : `CAST(${column} AS VARCHAR)`)
    case 'decimal':
      return `TRY_CAST(${number} AS ${DECIMAL})`
    case 'timestamp':
      return isText ? wallClock(column, dialect, timezone) : `TRY_CAST(${column} AS TIMESTAMP)`
    case 'date':
      return isText ? dateOf(column, dialect) : `TRY_CAST(${column} AS DATE)`
    case 'boolean':
      return isText ? truthOf(column) : `TRY_CAST(${column} AS BOOLEAN)`
  }
}

/** SQL: a whole number out of a text; a cast alone would round 6.5 to 7. */
export function wholeNumber(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '\\s*[+-]?[0-9]+(\\.0*)?\\s*') THEN TRY_CAST(${text} AS BIGINT) END`
}

/** SQL: a date out of a text. A cast to a date alone would take "2024-01-02 or so" (1.5.6). */
export function dateOf(text: string, dialect: Dialect): string {
  const formats = formatsOf(dialect, 'date')
  if (formats.length === 0) return `CAST(TRY_CAST(${text} AS TIMESTAMP) AS DATE)`
  return coalesce(formats.map(({ format }) => `CAST(try_strptime(trim(${text}), ${quoteText(format)}) AS DATE)`))
}

/** SQL: a yes or no out of a text. */
export function truthOf(text: string): string {
  return `CASE WHEN lower(trim(${text})) IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower(trim(${text})) IN ('false', 'f', 'no', 'n', '0') THEN false END`
}

/** SQL: wall-clock time in the zone of the source, so that all values of the column mean the same. */
function wallClock(text: string, dialect: Dialect, timezone: string): string {
  const zone = quoteText(timezone)
  const formats = formatsOf(dialect, 'timestamp')
  if (formats.length === 0)
    return `CASE WHEN ${hasOffset(text)} THEN timezone(${zone}, TRY_CAST(${text} AS TIMESTAMPTZ)) ELSE TRY_CAST(${text} AS TIMESTAMP) END`
  return coalesce(
    formats.map(({ format, hasZone }) => {
      const parsed = `try_strptime(trim(${text}), ${quoteText(format)})`
      return hasZone ? `timezone(${zone}, ${parsed})` : parsed
    }),
  )
}

export function coalesce(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `coalesce(${values.join(', ')})`
}
