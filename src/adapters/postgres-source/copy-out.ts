import { quoteName } from '../../sql/sql-text.ts'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { OpenedSource, ReadRequest } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { engineType, type SourceColumn } from './column-types.ts'
import { pushDown } from './push-down.ts'
import { NULL_TEXT, relationOf, relationOfFile } from './relation.ts'
import { countRows } from './row-counter.ts'

const WRITE_BUFFER_BYTES = 2 ** 20

/** Asks for no rows: the description of the result has names and types. */
export async function describeColumns(client: Client, source: Source): Promise<readonly SourceColumn[]> {
  const { fields } = await client.query(`SELECT * FROM ${relationOf(source)} LIMIT 0`)
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, oid: dataTypeID, modifier: dataTypeModifier }))
}

/** What a request reads: which columns, and from which rows. */
export interface CopyPlan {
  readonly used: readonly SourceColumn[]
  /** Relation and condition. */
  readonly rows: string
}

export async function planCopy(client: Client, { source, usedColumns, asOf }: ReadRequest): Promise<CopyPlan> {
  const all = await describeColumns(client, source)
  return {
    used: usedColumns.map((name) => all.find((column) => column.name === name)!),
    rows: `${relationOf(source)}${pushDown(source, all, asOf)}`,
  }
}

/** Rows that a plan reads, as the server counts them; by one process, because a connection is all the load that was allowed. */
export async function countPlanned(client: Client, { rows }: CopyPlan): Promise<number> {
  await client.query('SET LOCAL max_parallel_workers_per_gather = 0')
  const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${rows}`)
  await client.query('SET LOCAL max_parallel_workers_per_gather TO DEFAULT')
  return Number(counted.rows[0]!.count)
}

/** Copies the used columns of the rows that may count into a file. */
export async function copyOut(
  client: Client,
  { used, rows }: CopyPlan,
  { sourceName, scratchPath }: Pick<ReadRequest, 'sourceName' | 'scratchPath'>,
  onProgress: (rowsDone: number) => void,
  signal: AbortSignal | undefined,
): Promise<OpenedSource> {
  // A COPY of no columns gives no lines; a constant keeps the rows countable.
  const list = used.length > 0 ? used.map((column) => quoteName(column.name)).join(', ') : '1'
  const query = `SELECT ${list} FROM ${rows}`
  // An empty text alone on its line would be an empty line, which the engine skips.
  const quoting = used.length === 1 ? ', FORCE_QUOTE *' : ''
  const copy = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, NULL '${NULL_TEXT}'${quoting})`))
  const path = join(scratchPath, `${sourceName}.csv`)
  const file = createWriteStream(path, { highWaterMark: WRITE_BUFFER_BYTES })
  await pipeline(copy, countRows(onProgress), file, { signal })
  const columns = used.length > 0 ? used : [{ name: 'none', oid: 0, modifier: -1 }]
  return {
    relation: relationOfFile(path, columns),
    columns: Object.fromEntries(columns.map((column) => [column.name, engineType(column)])),
    deliveredRows: copy.rowCount,
    unreadable: { count: 0, relation: null },
  }
}
