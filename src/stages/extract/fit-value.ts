import type { TargetType } from './mapping.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { trimmed } from './text-value.ts'

const MONEY = 'DECIMAL(18, 4)'
const isInteger = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/
const isNaive = /^(DATE|TIMESTAMP(_S|_MS|_NS)?)$/

/**
 * SQL that turns a mapped value into its canonical type, NULL when it does not fit.
 *
 * @param value name of a column: it is written more than once
 * @param type the engine's word for the value's type
 * @param timezone of instants that carry no zone
 * @returns null when values of this type never fit
 */
export function fitValue(value: string, type: string, target: TargetType, timezone: string): string | null {
  switch (target) {
    case 'text':
      return fitText(value, type)
    case 'decimal':
      return fitDecimal(value, type)
    case 'timestamp':
      return fitTimestamp(value, type, timezone)
  }
}

function fitText(value: string, type: string): string {
  if (type === 'VARCHAR' || type === 'NUMERIC') return trimmed(value)
  const text = `CAST(${value} AS VARCHAR)`
  if (type !== 'DOUBLE' && type !== 'FLOAT') return `nullif(${text}, '')`
  // Ids that a spreadsheet or pandas made floating: 17850.0 is 17850.
  return `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < 9e15 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) WHEN isfinite(${value}) THEN ${text} END`
}

function fitDecimal(value: string, type: string): string | null {
  const plain = `TRY_CAST(${value} AS ${MONEY})`
  const decimal = /^DECIMAL\((?<digits>\d+),(?<scale>\d+)\)$/.exec(type)?.groups
  // Rounding 128-bit decimals is fifty times slower than 64-bit ones (DuckDB 1.5.6), and nearly every amount fits 64 bits.
  if (decimal && Number(decimal.digits) > 18 && Number(decimal.scale) > 4 && Number(decimal.scale) <= 14)
    return `coalesce(TRY_CAST(TRY_CAST(${value} AS DECIMAL(18, ${decimal.scale})) AS ${MONEY}), ${plain})`
  const isNumber = isInteger.test(type) || decimal || type === 'DOUBLE' || type === 'FLOAT'
  return isNumber || type === 'VARCHAR' || type === 'NUMERIC' ? plain : null
}

/** `infinity` is no instant at which anybody bought. */
function fitTimestamp(value: string, type: string, timezone: string): string | null {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `CASE WHEN isfinite(${value}) THEN ${wallClock(value)} END`
  if (isNaive.test(type))
    return `CASE WHEN isfinite(${value}) THEN ${toUtc(`CAST(${value} AS TIMESTAMP)`, timezone)} END`
  if (type !== 'VARCHAR') return null
  // A cast to a naive timestamp would add an offset silently; here an offset makes an instant, none makes wall-clock time.
  const withZone = `regexp_matches(${value}, '[0-9]:[0-9].*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)\\s*$')`
  return [
    `CASE WHEN contains(lower(${value}), 'inf') THEN NULL`,
    `WHEN ${withZone} THEN ${wallClock(`TRY_CAST(${value} AS TIMESTAMPTZ)`)}`,
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
