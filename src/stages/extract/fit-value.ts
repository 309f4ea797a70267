import { coalesce, dateOf, hasOffset, truthOf, wholeNumber } from './declared-types.ts'
import type { ColumnType } from '../../run/data-roles.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { trimmed } from './text-value.ts'
import { formatsOf, plainDialect, plainNumber, type Dialect } from './written-text.ts'

const isInteger = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/
const isNaive = /^(DATE|TIMESTAMP(_S|_MS|_NS)?)$/
const isDecimal = /^DECIMAL\((?<digits>\d+), ?(?<scale>\d+)\)$/

/** The engine's type of a column in artifacts. */
export const storedTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DECIMAL(18, 4)',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  boolean: 'BOOLEAN',
}

export interface Fitting {
  /** Name of a column: it is written more than once. */
  readonly value: string
  /** The engine's word for the value's type. */
  readonly type: string
  readonly target: ColumnType
  /** Of instants that carry no zone. */
  readonly timezone: string
  /** How texts are written; absent for what an expression gives, which speaks the engine's language. */
  readonly dialect?: Dialect
  /** Type of decimals. Default: four decimals. */
  readonly decimalType?: string
}

/** SQL that turns a mapped value into its type in artifacts, NULL when it does not fit. @returns null when values of its type never fit */
export function fitValue(fitting: Fitting): string | null {
  const { value, type, timezone, dialect = plainDialect, decimalType = storedTypes.decimal } = fitting
  const isText = type === 'VARCHAR'
  switch (fitting.target) {
    case 'text':
      return fitText(value, type)
    case 'decimal':
      return fitDecimal(isText ? plainNumber(value, dialect) : value, type, decimalType)
    case 'integer':
      return fitInteger(value, type, dialect)
    case 'timestamp':
      return fitTimestamp(value, type, timezone, dialect)
    case 'date':
      return fitDate(value, type, timezone, dialect)
    case 'boolean':
      if (type === 'BOOLEAN') return value
      return isText || isInteger.test(type) ? truthOf(isText ? value : `CAST(${value} AS VARCHAR)`) : null
  }
}

function fitText(value: string, type: string): string {
  if (type === 'VARCHAR' || type === 'NUMERIC') return trimmed(value)
  const text = `CAST(${value} AS VARCHAR)`
  if (type !== 'DOUBLE' && type !== 'FLOAT') return `nullif(${text}, '')`
  // Ids that a spreadsheet or pandas made floating: 17850.0 is 17850.
  return `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < 9e15 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) WHEN isfinite(${value}) THEN ${text} END`
}

function fitDecimal(value: string, type: string, decimalType: string): string | null {
  const plain = `TRY_CAST(${value} AS ${decimalType})`
  const decimal = isDecimal.exec(type)?.groups
  // Rounding 128-bit decimals is fifty times slower than 64-bit ones (DuckDB 1.5.6), and nearly every amount fits 64 bits.
  if (decimal && Number(decimal.digits) > 18 && Number(decimal.scale) > 4 && Number(decimal.scale) <= 14)
    return `coalesce(TRY_CAST(TRY_CAST(${value} AS DECIMAL(18, ${decimal.scale})) AS ${decimalType}), ${plain})`
  const isNumber = isInteger.test(type) || decimal || type === 'DOUBLE' || type === 'FLOAT'
  return isNumber || type === 'VARCHAR' || type === 'NUMERIC' ? plain : null
}

function fitInteger(value: string, type: string, dialect: Dialect): string | null {
  if (isInteger.test(type)) return `TRY_CAST(${value} AS BIGINT)`
  if (type === 'VARCHAR' || type === 'NUMERIC')
    return wholeNumber(plainNumber(value, type === 'NUMERIC' ? plainDialect : dialect))
  if (type === 'DOUBLE' || type === 'FLOAT' || isDecimal.test(type))
    return `CASE WHEN ${value} = trunc(${value}) THEN TRY_CAST(${value} AS BIGINT) END`
  return null
}

/** The day on the calendar of the source. */
function fitDate(value: string, type: string, timezone: string, dialect: Dialect): string | null {
  if (type === 'VARCHAR') return `CASE WHEN NOT contains(lower(${value}), 'inf') THEN ${dateOf(value, dialect)} END`
  const local = type === 'TIMESTAMP WITH TIME ZONE' ? `timezone(${quoteText(timezone)}, ${value})` : value
  if (local === value && !isNaive.test(type)) return null
  return `CASE WHEN isfinite(${value}) THEN CAST(${local} AS DATE) END`
}

/** `infinity` is no instant at which anybody bought. */
function fitTimestamp(value: string, type: string, timezone: string, dialect: Dialect): string | null {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `CASE WHEN isfinite(${value}) THEN ${wallClock(value)} END`
  if (isNaive.test(type))
    return `CASE WHEN isfinite(${value}) THEN ${toUtc(`CAST(${value} AS TIMESTAMP)`, timezone)} END`
  if (type !== 'VARCHAR') return null
  const formats = formatsOf(dialect, 'timestamp')
  if (formats.length > 0)
    return coalesce(
      formats.map(({ format, hasZone }) => {
        const parsed = `try_strptime(trim(${value}), ${quoteText(format)})`
        return hasZone ? wallClock(parsed) : toUtc(parsed, timezone)
      }),
    )
  // A cast to a naive timestamp would drop an offset silently; here an offset makes an instant, none makes wall-clock time.
  return [
    `CASE WHEN contains(lower(${value}), 'inf') THEN NULL`,
    `WHEN ${hasOffset(value)} THEN ${wallClock(`TRY_CAST(${value} AS TIMESTAMPTZ)`)}`,
    `ELSE ${toUtc(`TRY_CAST(${value} AS TIMESTAMP)`, timezone)} END`,
  ].join(' ')
}

function toUtc(naive: string, timezone: string): string {
  return timezone === 'UTC' ? naive : wallClock(`timezone(${quoteText(timezone)}, ${naive})`)
}

/** The instant as UTC wall-clock time; half the price of `timezone('UTC', …)`. */
function wallClock(instant: string): string {
  return `make_timestamp(epoch_us(${instant}))`
}
