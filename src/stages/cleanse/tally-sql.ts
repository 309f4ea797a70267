import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { ColumnKind } from './profile.ts'
import { MAX_DISTINCT } from './profile.ts'
import { BUCKET, isOfKind } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

/** Rows of the look that finds columns with too many values to count. */
const PROBED_ROWS = 25_000

/** Columns that name something or somebody: their values are counted, but say nothing together, and no document repeats them. */
const IDS = ['customer_id', 'order_id', 'session_id', 'ticket_id', 'stated_reason', 'author']

export interface TalliedColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly isId: boolean
}

/** Queries that describe a clean file. */
export interface CompiledTally {
  readonly columns: readonly TalliedColumn[]
  /** One row: `rows`, and `present_<i>`, `minimum_<i>`, `maximum_<i>` of column i. */
  readonly overview: string
  /** One row: `distinct_<i>` of column i among the first rows; more than ten thousand there are more in all. */
  readonly probe: string
  /** (place INTEGER, value VARCHAR, rows BIGINT) of some columns, of each at most one value more than ten thousand. */
  values(columns: readonly number[]): string
}

/** @param file SQL text of a clean Parquet file */
export function compileTally(file: string, described: readonly RawColumn[]): CompiledTally {
  const columns = described.filter(({ name }) => name !== BUCKET)
  const list = (texts: readonly string[]): string => texts.join(',\n      ')
  return {
    columns: columns.map((column) => ({
      name: column.name,
      kind: isOfKind(column, 'numbers') ? 'number' : isOfKind(column, 'text') ? 'text' : 'other',
      isId: IDS.includes(column.name),
    })),
    overview: `select ${list([
      'count(*) as rows',
      ...columns.flatMap((column, index) => [
        `count(${quoteName(column.name)}) as present_${index}`,
        `${edge('min', column)} as minimum_${index}`,
        `${edge('max', column)} as maximum_${index}`,
      ]),
    ])} from read_parquet(${file})`,
    probe: `select ${list(columns.map(({ name }, index) => `count(distinct ${quoteName(name)}) as distinct_${index}`))}
      from read_parquet(${file}, file_row_number = true) where file_row_number < ${PROBED_ROWS}`,
    values: (places) => places.map((place) => valuesQuery(file, columns[place]!, place)).join('\n      union all\n'),
  }
}

function valuesQuery(file: string, column: RawColumn, place: number): string {
  const name = quoteName(column.name)
  const text = asText('value', column)
  // A document of the store holds what is counted until all shards are: of ids a hash, which counts as well.
  const shown = IDS.includes(column.name) ? `cast(md5_number_lower(${text}) as varchar)` : text
  // The first by value: any ten thousand and one tell that there are more.
  return `select ${place} as place, ${shown} as value, rows from (
        select ${name} as value, count(*) as rows from read_parquet(${file}) where ${name} is not null group by ${name} order by ${name} limit ${MAX_DISTINCT + 1})`
}

function edge(aggregate: 'min' | 'max', column: RawColumn): string {
  return IDS.includes(column.name) ? 'cast(null as varchar)' : asText(`${aggregate}(${quoteName(column.name)})`, column)
}

function asText(expression: string, { type }: RawColumn): string {
  return type.startsWith('TIMESTAMP')
    ? `strftime(${expression}, ${quoteText('%Y-%m-%dT%H:%M:%S.%fZ')})`
    : `cast(${expression} as varchar)`
}
