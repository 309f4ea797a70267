import { ConfigInvalid } from '../../errors/config-invalid.ts'

/** A column of the raw artifact with its DuckDB type, as `describe` tells it. */
export interface RawColumn {
  readonly name: string
  readonly type: string
}

/** Columns of the raw artifact that are ours, not the source's. */
export const BUCKET = 'bucket'
export const TYPE_FAULTS = 'type_faults'

/** Names that cleansing adds to its outputs. */
const RESERVED = ['is_return', 'rule', 'reason']

/**
 * The columns that the source's mapping names, in order.
 *
 * @throws ConfigInvalid when one has a name that cleansing needs for itself
 */
export function mappedColumns(columns: readonly RawColumn[]): readonly RawColumn[] {
  const mapped = columns.filter(({ name }) => name !== BUCKET && name !== TYPE_FAULTS)
  const taken = mapped.find(({ name }) => RESERVED.includes(name))
  if (taken)
    throw new ConfigInvalid(
      `The source maps a column named ${taken.name}, a name that cleansing uses itself (${RESERVED.join(', ')}).`,
      `Give the column another name under columns of the source.`,
    )
  return mapped
}

/** @throws ConfigInvalid when no column has that name */
export function findColumn(columns: readonly RawColumn[], name: string, ruleName: string): RawColumn {
  const found = columns.find((column) => column.name === name)
  if (found) return found
  throw new ConfigInvalid(
    `Cleansing rule ${ruleName} names column ${name}, but the source maps ${listNames(columns)}.`,
    `Map ${name} under columns of the source, or correct the rule.`,
  )
}

export function listNames(columns: readonly RawColumn[]): string {
  return columns.map(({ name }) => name).join(', ')
}
