import { quoteName } from '../../sql/sql-text.ts'
import { join } from 'node:path'
import { addAbortSignal } from 'node:stream'
import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { OpenedSource, ReadRequest } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { engineType, type SourceColumn } from './column-types.ts'
import { writeGathered } from './gathered-file.ts'
import { pushDown } from './push-down.ts'
import { NULL_TEXT, relationOf, relationOfFiles } from './relation.ts'
import { splitTable } from './split-table.ts'

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
  /** The same rows in parts, each of which may be read by another connection; one when they are read in one piece. */
  readonly parts: readonly string[]
}

export async function planCopy(client: Client, { source, usedColumns, asOf }: ReadRequest): Promise<CopyPlan> {
  const all = await describeColumns(client, source)
  const condition = pushDown(source, all, asOf)
  const rows = `${relationOf(source)}${condition}`
  const cut = await splitTable(client, source)
  return {
    used: usedColumns.map((name) => all.find((column) => column.name === name)!),
    rows,
    parts: cut.length === 0 ? [rows] : cut.map((part) => `${rows} ${condition === '' ? 'WHERE' : 'AND'} ${part}`),
  }
}

/** Rows that a plan reads, as the server counts them; by one process, because a connection is all the load that was allowed. */
export async function countPlanned(client: Client, { rows }: CopyPlan): Promise<number> {
  await client.query('SET LOCAL max_parallel_workers_per_gather = 0')
  const counted = await client.query<{ count: string }>(`SELECT count(*) FROM ${rows}`)
  await client.query('SET LOCAL max_parallel_workers_per_gather TO DEFAULT')
  return Number(counted.rows[0]!.count)
}

/** A file of copied rows. */
export interface CopiedPart {
  readonly path: string
  readonly rowCount: number
}

/** Copies the used columns of the rows of one part into a file. */
export async function copyPart(
  client: Client,
  { used, parts }: CopyPlan,
  part: number,
  { sourceName, scratchPath }: Pick<ReadRequest, 'sourceName' | 'scratchPath'>,
  onPiece: (piece: Buffer) => void,
  signal: AbortSignal | undefined,
): Promise<CopiedPart> {
  // A COPY of no columns gives no lines; a constant keeps the rows countable.
  const list = used.length > 0 ? used.map((column) => quoteName(column.name)).join(', ') : '1'
  const query = `SELECT ${list} FROM ${parts[part]!}`
  // An empty text alone on its line would be an empty line, which the engine skips.
  const quoting = used.length === 1 ? ', FORCE_QUOTE *' : ''
  const copy = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, NULL '${NULL_TEXT}'${quoting})`))
  if (signal) addAbortSignal(signal, copy)
  const path = join(scratchPath, `${sourceName}${parts.length === 1 ? '' : `-${part}`}.csv`)
  await writeGathered(copy, path, onPiece)
  return { path, rowCount: copy.rowCount }
}

/** What a session reads of the parts of a plan. */
export function openParts({ used }: CopyPlan, copied: readonly CopiedPart[]): OpenedSource {
  const columns = used.length > 0 ? used : [{ name: 'none', oid: 0, modifier: -1 }]
  return {
    relation: relationOfFiles(
      copied.map(({ path }) => path),
      columns,
    ),
    columns: Object.fromEntries(columns.map((column) => [column.name, engineType(column)])),
    deliveredRows: copied.reduce((sum, { rowCount }) => sum + rowCount, 0),
    unreadable: { count: 0, relation: null },
  }
}
