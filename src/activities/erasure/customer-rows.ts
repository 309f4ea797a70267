import { extname } from 'node:path'
import type { ComputeSession, ParquetFormat } from '../../ports/compute-engine.ts'
import type { RowDigest } from '../../run/artifact.ts'
import { quoteText } from '../../sql/sql-text.ts'
import { bucketOf, BUCKETS } from '../../stages/extract/shards.ts'
import { describeColumns } from '../read-artifact.ts'

/** Table of the session with the ids that are looked for. */
const WANTED = 'wanted'
/** Says whose a row is, in every file that has rows of customers. */
const CUSTOMER = 'customer_id'
/** Of records that could not be read: they have no columns of their own, and may speak of anybody. */
const RECORD = 'text'
/** Virtual column of Parquet files: the order of the rows. */
const ROW_NUMBER = 'file_row_number'
/** A record that names somebody among other letters and digits names somebody else. */
const NAMED = `regexp_matches(r.${RECORD}, '(^|[^[:alnum:]])' || regexp_escape(w.customer_id) || '($|[^[:alnum:]])')`
/** Ids are trimmed where they are read: nobody has two spellings. */
const OWNED = `r.${CUSTOMER} = w.customer_id`

/** Rows of the wanted customers in one file. */
export interface FoundRows {
  readonly rows: number
  /** Of the wanted ids, those that are there. */
  readonly customerIds: readonly string[]
}

export async function nameWanted(session: ComputeSession, customerIds: readonly string[]): Promise<void> {
  const ids = [...new Set(customerIds)]
  await session.createTable(WANTED, { rowCount: ids.length, columns: { customer_id: ids } })
}

/** Buckets that the wanted customers are in. */
export async function wantedBuckets(session: ComputeSession): Promise<ReadonlySet<number>> {
  const rows = await session.rows(`SELECT DISTINCT ${bucketOf(CUSTOMER)} AS bucket FROM ${WANTED}`)
  return new Set(rows.map(({ bucket }) => Number(bucket)))
}

/** Whether a shard has one of the buckets, as extract splits them. */
export function hasBucket(buckets: ReadonlySet<number>, shard: number, shardCount: number): boolean {
  return [...buckets].some((bucket) => Math.floor((bucket * shardCount) / BUCKETS) === shard)
}

/** @param path Parquet, or CSV with a heading @returns undefined when it has none */
export async function findRows(session: ComputeSession, path: string): Promise<FoundRows | undefined> {
  const match = await matchOf(session, path)
  if (match === undefined) return undefined
  const counts = await session.rows(
    `SELECT w.customer_id, count(*) AS rows FROM ${relationOf(path)} r JOIN ${WANTED} w ON ${match} GROUP BY w.customer_id ORDER BY w.customer_id`,
  )
  if (counts.length === 0) return undefined
  return {
    rows: counts.reduce((sum, { rows }) => sum + Number(rows), 0),
    customerIds: counts.map(({ customer_id: id }) => String(id)),
  }
}

/** The rows themselves, with the wanted id of each. */
export async function readRows(
  session: ComputeSession,
  path: string,
): Promise<readonly { readonly customerId: string; readonly values: Readonly<Record<string, unknown>> }[]> {
  const match = await matchOf(session, path)
  if (match === undefined) return []
  const rows = await session.rows(
    `SELECT w.customer_id AS ":wanted", r.* FROM ${relationOf(path)} r JOIN ${WANTED} w ON ${match}`,
  )
  return rows.map(({ ':wanted': id, ...values }) => ({ customerId: String(id), values }))
}

/** Writes a file again without the rows of the wanted customers, all else as it was: order, columns, row groups, what it says of itself. */
export async function copyWithout(
  session: ComputeSession,
  path: string,
  target: string,
): Promise<{ readonly rows: number; readonly digest?: RowDigest }> {
  const match = (await matchOf(session, path))!
  const others = (relation: string): string => `SELECT r.* FROM ${relation} r ANTI JOIN ${WANTED} w ON ${match}`
  if (isCsv(path)) {
    await session.execute(`COPY (${others(relationOf(path))}) TO ${quoteText(target)} (FORMAT csv, HEADER true)`)
    const [left] = await session.rows(`SELECT count(*) AS rows FROM ${relationOf(target)}`)
    return { rows: Number(left!.rows) }
  }
  const numbered = `read_parquet(${quoteText(path)}, file_row_number = true)`
  const format = await formatOf(session, path)
  const { rows: digest } = await session.writeParquet(others(numbered), ROW_NUMBER, target, [ROW_NUMBER], format)
  return { rows: digest.rowCount, digest }
}

async function formatOf(session: ComputeSession, path: string): Promise<ParquetFormat> {
  const groups = await session.rows(
    `SELECT row_group_num_rows AS rows FROM parquet_metadata(${quoteText(path)}) WHERE row_group_id = 0 LIMIT 1`,
  )
  const said = await session.rows(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${quoteText(path)})`,
  )
  const isDivided = await session.rows(
    `SELECT num_row_groups > 1 AS yes FROM parquet_file_metadata(${quoteText(path)})`,
  )
  return {
    ...(isDivided[0]?.yes === true && groups[0] ? { rowGroupRows: Number(groups[0].rows) } : {}),
    metadata: Object.fromEntries(said.map(({ key, value }) => [String(key), String(value)])),
  }
}

/** @returns SQL that pairs rows r with wanted ids w; undefined: no row can be anybody's */
async function matchOf(session: ComputeSession, path: string): Promise<string | undefined> {
  const names = (await describeColumns(session, relationOf(path))).map(({ name }) => name)
  if (names.includes(CUSTOMER)) return OWNED
  return names.includes(RECORD) ? NAMED : undefined
}

function relationOf(path: string): string {
  if (!isCsv(path)) return `read_parquet(${quoteText(path)})`
  return `read_csv(${quoteText(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`
}

function isCsv(path: string): boolean {
  return extname(path) === '.csv'
}
