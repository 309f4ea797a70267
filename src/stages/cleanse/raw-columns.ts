import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { reservedColumns } from '../../run/data-roles.ts'

/** A column of the raw artifact with its DuckDB type, as `describe` tells it. */
export interface RawColumn {
  readonly name: string
  readonly type: string
}

/** Columns of the raw artifact that are ours, not the source's. */
export const BUCKET = 'bucket'
export const SOURCE_NAME = 'source_name'
export const TYPE_FAULTS = 'type_faults'
/** Place of a row in its raw file, which is in total order; only inside a session. */
export const ROW = '__row'

const OURS = [BUCKET, SOURCE_NAME, TYPE_FAULTS, ROW]

/** The raw rows of a file as a relation with their places. */
export function placedRows(file: string): string {
  return `select * exclude (file_row_number), file_row_number as ${ROW} from read_parquet(${file}, file_row_number = true)`
}

/**
 * The columns that the mapping names, in order.
 *
 * @throws ConfigInvalid when one has a name that cleansing needs for itself
 */
export function mappedColumns(columns: readonly RawColumn[]): readonly RawColumn[] {
  const mapped = columns.filter(({ name }) => !OURS.includes(name))
  const taken = mapped.find(
    ({ name }) => (reservedColumns as readonly string[]).includes(name) || name.startsWith('__'),
  )
  if (taken)
    throw new ConfigInvalid(
      `The source maps a column named ${taken.name}, a name that cleansing uses itself (${reservedColumns.join(', ')}, __…).`,
      `Give the column another name under columns of the source.`,
    )
  return mapped
}

/** @throws ConfigInvalid when no column has that name */
export function findColumn(columns: readonly RawColumn[], name: string, ruleName: string): RawColumn {
  const found = columns.find((column) => column.name === name)
  if (found) return found
  throw new ConfigInvalid(
    `Cleansing rule ${ruleName} names column ${name}, but the sources map ${listNames(columns)}.`,
    `Map ${name} under columns of the source, or correct the rule.`,
  )
}

const NUMBER = /^(DECIMAL|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)/
const INSTANT = /^(TIMESTAMP|DATE)/

const kinds = {
  numbers: (type: string) => NUMBER.test(type),
  text: (type: string) => type === 'VARCHAR',
  instants: (type: string) => INSTANT.test(type),
} as const

export function isOfKind(column: RawColumn, kind: keyof typeof kinds): boolean {
  return kinds[kind](column.type)
}

/** @throws ConfigInvalid when the column is not there, or is of another kind */
export function findColumnOf(
  kind: keyof typeof kinds,
  columns: readonly RawColumn[],
  name: string,
  ruleName: string,
): RawColumn {
  const column = findColumn(columns, name, ruleName)
  if (isOfKind(column, kind)) return column
  const fitting = columns.filter((other) => isOfKind(other, kind))
  throw new ConfigInvalid(
    `Cleansing rule ${ruleName} needs a column of ${kind}, but ${name} is ${column.type}.`,
    `Columns of ${kind} are ${listNames(fitting) || 'not mapped'}.`,
  )
}

export function listNames(columns: readonly RawColumn[]): string {
  return columns.map(({ name }) => name).join(', ')
}
