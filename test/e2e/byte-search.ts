import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { connectTemporal } from '../../src/client/connect.ts'
import { quoteName, quoteText } from '../../src/sql/sql-text.ts'

/** Files below folders whose bytes have a text, or, being Parquet, whose content has. */
export async function searchFiles(folders: readonly string[], text: string): Promise<string[]> {
  const entries = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  const searched = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = searched.filter((path) => holds(bytesOf(path), text))
  const parquet = searched.filter((path) => path.endsWith('.parquet') && !found.includes(path))
  return [...found, ...(await searchParquet(parquet, text))].sort()
}

/** Parquet is compressed and coded: what is in its columns need not be in its bytes. */
async function searchParquet(paths: readonly string[], text: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const found: string[] = []
    for (const path of paths) {
      if (!existsSync(path)) continue
      const rows = await connection.runAndReadAll(
        `SELECT count(*) FROM read_parquet(${quoteText(path)}) r WHERE contains(lower(CAST(r AS VARCHAR)), ${quoteText(text.toLowerCase())})`,
      )
      if (Number(rows.getRows()[0]![0]) > 0) found.push(path)
    }
    return found
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Tables of all schemas, the statistics of the planner among them, that have a text in any column, as text or in bytes. */
export async function searchDatabase(connectionString: string, text: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm', 'p') and n.nspname not like 'pg_%' and n.nspname <> 'information_schema'
       union all values ('pg_catalog', 'pg_largeobject') order by 1, 2`,
    )
    const hex = Buffer.from(text).toString('hex')
    const found: string[] = []
    for (const { schema, name } of tables) {
      const table = `${quoteName(schema)}.${quoteName(name)}`
      const { rows } = await client
        .query(`select 1 from ${table} t where t::text ilike $1 or t::text ilike $2 limit 1`, [`%${text}%`, `%${hex}%`])
        .catch(nothingInDropped)
      if (rows.length > 0) found.push(`${schema}.${name}`)
    }
    // What the planner remembers of columns is content, too.
    const { rows: remembered } = await client.query<{ of: string }>(
      `select distinct starelid::regclass::text as of from pg_statistic s where s::text ilike $1`,
      [`%${text}%`],
    )
    return [...found, ...remembered.map(({ of }) => `statistics of ${of}`)]
  } finally {
    await client.end()
  }
}

/** Of a test: the buckets of its target on the disk of the S3 server, and what the servers log. */
export function storedBy(stateFolder: string, target: string): readonly string[] {
  const buckets = [`segments-${target}`, `segments-${target}-artifacts`].map((name) => join(stateFolder, 's3', name))
  return [...buckets, join(stateFolder, 'logs')]
}

/** Workflows whose history has a text in an id, a payload or a message. */
export async function searchHistories(
  variables: Readonly<Record<string, string>>,
  target: string,
  text: string,
): Promise<string[]> {
  const access = await connectTemporal({ ...process.env, ...variables })
  try {
    const found = new Set<string>()
    for await (const { workflowId, runId } of access.client.workflow.list()) {
      if (!workflowId.includes(target)) continue
      const history = await access.client.workflow.getHandle(workflowId, runId).fetchHistory()
      if (hasText(history, text) || workflowId.includes(text)) found.add(workflowId)
    }
    return [...found]
  } finally {
    await access.close()
  }
}

function hasText(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(text.toLowerCase())
  if (value instanceof Uint8Array) return holds(Buffer.from(value), text)
  return value !== null && typeof value === 'object' && Object.values(value).some((one) => hasText(one, text))
}

/** Nothing of a file that was removed meanwhile: workers tidy up. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** As it is, in any case, and as UTF-16. */
function holds(bytes: Buffer, text: string): boolean {
  const plain = bytes.toString('latin1').toLowerCase()
  const wanted = text.toLowerCase()
  return plain.includes(wanted) || plain.includes(Buffer.from(wanted, 'utf16le').toString('latin1'))
}

/** Other tests drop their schemas on the same server. */
function nothingInDropped(error: unknown): { rows: [] } {
  const { code, message } = error as { code?: string; message: string }
  if (code === '42P01' || code === '3F000' || message.startsWith('could not open relation')) return { rows: [] }
  throw error
}
