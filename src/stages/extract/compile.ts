import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { Source } from './config.ts'
import { fitValue } from './fit-value.ts'
import type { Mapping } from './mapping.ts'
import { castDeclared } from './declared-types.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { faultOf } from './text-value.ts'

/** Raised when the meaning of the stage changes. */
export const EXTRACT_VERSION = 1
export const BUCKETS = 256
const ROWS_PER_SHARD = 4_000_000

/** A source as a session sees it. */
export interface Relation {
  /** SQL that yields the rows. */
  readonly sql: string
  /** Column name → type: the engine's word, or `NUMERIC` for texts that hold numbers of no declared scale. */
  readonly columns: Readonly<Record<string, string>>
}

export interface CompiledRows {
  /** Every row of the source in the columns of the raw artifact, without `bucket`, whatever its date. */
  readonly fitted: string
  /** The rows that count, with `bucket`, out of a relation that holds what `fitted` gives. */
  readonly rows: (fitted: string) => string
  /** Columns of `rows` as a total order. */
  readonly orderBy: string
  /** One row: rows_read, rows_before_as_of (undated ones among them), undated, first_at; out of the same relation. */
  readonly counts: (fitted: string) => string
}

/** SQL over which the type of one mapped value can be asked (`DESCRIBE`); the mapped value is column `value`. */
export function compileValue(source: Source, relation: Relation, mapping: Mapping, name: string): string {
  const column = mapping.columns.find((candidate) => candidate.name === name)!
  return `SELECT ${column.sql} AS value FROM (${compileTyped(source, relation, mapping)})`
}

/**
 * The whole stage as SQL.
 *
 * @param valueTypes type of each mapped value, as `DESCRIBE` gave it
 * @throws ConfigInvalid when a value's type can never fit its column
 */
export function compileRows(
  source: Source,
  relation: Relation,
  mapping: Mapping,
  valueTypes: Readonly<Record<string, string>>,
  asOf: string,
): CompiledRows {
  const declared = declaredColumns(source, relation, mapping)
  const isTransactions = mapping.role === 'transactions'
  const fits = mapping.columns.map(({ name, target, sql, column }) => {
    // Text stays what it was, also where the column is declared a number for calculations.
    const keepsText = target === 'text' && column !== null && declared.includes(column)
    const type = keepsText ? typeIn(relation, column) : valueTypes[name]!
    const fitted = fitValue(valueName(name), type, target, source.timezone)
    if (fitted === null) throw unfit(mapping.sourceName, name, type, target)
    return { name, target, type, fitted, value: keepsText ? rawName(column) : sql }
  })
  const checked = isTransactions ? declared : []
  // Three layers, since the engine computes a repeated expression again inside a CASE: values, fitted values, faults.
  // A value has a name of its own, or an expression could mean it by mistake.
  const values = [
    ...fits.map(({ name, value }) => `${value} AS ${valueName(name)}`),
    ...checked.map(
      (column) =>
        `${faultOf(column, rawName(column), typeIn(relation, column), quoteName(column))} AS ${faultName(column)}`,
    ),
  ]
  const numbers = isTransactions ? fits.filter(({ target }) => target !== 'text') : []
  const fittedValues = [
    ...fits.map(({ name, fitted }) => `${fitted} AS ${quoteName(name)}`),
    ...numbers.map(({ name }) => valueName(name)),
    ...checked.map(faultName),
  ]
  const faults = [
    ...checked.map(faultName),
    ...numbers.map(({ name, type }) => faultOf(name, valueName(name), type, quoteName(name))),
  ]
  const columns = [
    ...fits.map(({ name }) => quoteName(name)),
    ...(isTransactions ? [`nullif(concat_ws('; ', ${faults.join(', ')}), '') AS type_faults`] : []),
  ]
  const typed = compileTyped(source, relation, mapping)
  const mapped = `SELECT ${values.join(',\n  ')}\nFROM (${typed})`
  const fitted = `SELECT ${columns.join(', ')}\nFROM (SELECT ${fittedValues.join(',\n  ')}\nFROM (${mapped}))`
  const kept = isTransactions
    ? `occurred_at IS NULL OR occurred_at < TIMESTAMP ${quoteText(asOf.replace('T', ' ').replace('Z', ''))}`
    : 'customer_id IS NOT NULL'
  const names = [...mapping.columns.map(({ name }) => quoteName(name)), ...(isTransactions ? ['type_faults'] : [])]
  return {
    fitted,
    rows: (from) =>
      `SELECT CAST(md5_number_lower(coalesce(customer_id, '')) % ${BUCKETS} AS INTEGER) AS bucket, ${names.join(', ')}\nFROM ${from}\nWHERE ${kept}`,
    orderBy: ['bucket', ...names].join(', '),
    counts: (from) =>
      isTransactions
        ? `SELECT count(*) AS rows_read, count(*) FILTER (WHERE ${kept}) AS rows_before_as_of, count(*) FILTER (WHERE occurred_at IS NULL) AS undated, CAST(min(occurred_at) AS VARCHAR) AS first_at\nFROM ${from}`
        : `SELECT count(*) AS rows_read, count(*) FILTER (WHERE ${kept}) AS rows_before_as_of, 0 AS undated, NULL AS first_at\nFROM ${from}`,
  }
}

/** The rows of one shard: a contiguous range of buckets. */
export function shardOf(rows: string, shard: number, shardCount: number): string {
  return shardCount === 1 ? rows : `SELECT * FROM (${rows}) WHERE bucket * ${shardCount} // ${BUCKETS} = ${shard}`
}

export function decideShardCount(configured: number | undefined, rowCount: number): number {
  return configured ?? Math.min(BUCKETS, Math.max(1, Math.ceil(rowCount / ROWS_PER_SHARD)))
}

/** The used columns with their declared types; what a declared column held stays beside it as `raw:<column>`. */
function compileTyped(source: Source, relation: Relation, mapping: Mapping): string {
  const declared = new Set(declaredColumns(source, relation, mapping))
  const columns = mapping.usedColumns.flatMap((column) => {
    const name = quoteName(column)
    if (!declared.has(column)) return [name]
    return [`${castDeclared(name, typeOf(source, relation, column)!)} AS ${name}`, `${name} AS ${rawName(column)}`]
  })
  return `SELECT ${columns.length > 0 ? columns.join(', ') : '1 AS none'} FROM ${relation.sql}`
}

function declaredColumns(source: Source, relation: Relation, mapping: Mapping): readonly string[] {
  return mapping.usedColumns.filter((column) => typeOf(source, relation, column) !== undefined)
}

function typeOf(
  source: Source,
  relation: Relation,
  column: string,
): Exclude<Source['types'][string], 'text'> | undefined {
  const declared = source.types[column] ?? (relation.columns[column] === 'NUMERIC' ? 'decimal' : undefined)
  return declared === 'text' ? undefined : declared
}

function typeIn(relation: Relation, column: string): string {
  return relation.columns[column]!
}

const rawName = (column: string): string => quoteName(`raw:${column}`)
const valueName = (name: string): string => quoteName(`value:${name}`)
const faultName = (column: string): string => quoteName(`fault:${column}`)

function unfit(sourceName: string, name: string, type: string, target: string): ConfigInvalid {
  const example = target === 'timestamp' ? '{ sql: to_timestamp(seconds) }' : '{ sql: cast(… as decimal(18, 4)) }'
  return new ConfigInvalid(
    `sources.${sourceName}.columns.${name} gives ${type}, and ${name} is a ${target}.`,
    `Map it with an expression that gives a ${target}, such as ${example}.`,
  )
}
