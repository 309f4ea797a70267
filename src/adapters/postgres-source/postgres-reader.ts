import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { OpenedSource, ReadRequest, SourceReader } from '../../ports/source-reader.ts'
import type { Source } from '../../stages/extract/config.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { engineType, type SourceColumn } from './column-types.ts'
import { splitTableName, toSourceFailure } from './postgres-failures.ts'
import { pushDown } from './push-down.ts'
import { countRows } from './row-counter.ts'

const WRITE_BUFFER_BYTES = 2 ** 20
/** Text that stands for NULL. A value that looks like it is quoted by Postgres, and quoted values are never NULL to the engine. */
const NULL_TEXT = '\\N'

export interface PostgresReaderOptions {
  /** `postgres://user:password@host:5432/database`; never printed. */
  readonly connectionUrl: string
  /** Name of the connection in the project, for messages. */
  readonly connectionName: string
}

/** Reads a table or a query of a Postgres database, by COPY into a file of the session's scratch. */
export function makePostgresReader(options: PostgresReaderOptions): SourceReader {
  return {
    async describe(source, sourceName) {
      const columns = await connected(options, source, sourceName, (client) => describeColumns(client, source))
      return Object.fromEntries(columns.map((column) => [column.name, engineType(column)]))
    },
    async read(session, request, onProgress) {
      return connected(options, request.source, request.sourceName, (client) => copyOut(client, request, onProgress))
    },
  }
}

async function connected<T>(
  { connectionUrl, connectionName }: PostgresReaderOptions,
  source: Source,
  sourceName: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  if (!URL.canParse(connectionUrl))
    throw new ConfigInvalid(
      `The secret of connection ${connectionName} is not a URL.`,
      'Set it to postgres://user:password@host:5432/database, with special characters of the password percent-encoded.',
    )
  const client = new Client({ connectionString: connectionUrl, application_name: 'resegment extract' })
  // A connection that breaks outside a query would otherwise end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    // All that is read is of one moment, and in one zone whatever the server's default.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1")
    return await work(client)
  } catch (error) {
    throw await toSourceFailure(error, { connectionUrl, connectionName, source, sourceName, client })
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Asks for no rows: the description of the result has names and types. */
async function describeColumns(client: Client, source: Source): Promise<readonly SourceColumn[]> {
  const { fields } = await client.query(`SELECT * FROM ${relationOf(source)} LIMIT 0`)
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, oid: dataTypeID, modifier: dataTypeModifier }))
}

async function copyOut(
  client: Client,
  request: ReadRequest,
  onProgress: (rowsDone: number) => void,
): Promise<OpenedSource> {
  const { source, sourceName, scratchPath, signal } = request
  const all = await describeColumns(client, source)
  const used = request.usedColumns.map((name) => all.find((column) => column.name === name)!)
  // A COPY of no columns gives no lines; a constant keeps the rows countable.
  const list = used.length > 0 ? used.map((column) => quoteName(column.name)).join(', ') : '1'
  const query = `SELECT ${list} FROM ${relationOf(source)}${pushDown(source, all, request.asOf)}`
  // An empty text alone on its line would be an empty line, which the engine skips.
  const quoting = used.length === 1 ? ', FORCE_QUOTE *' : ''
  const copy = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT csv, NULL '${NULL_TEXT}'${quoting})`))
  const path = join(scratchPath, `${sourceName}.csv`)
  await pipeline(copy, countRows(onProgress), createWriteStream(path, { highWaterMark: WRITE_BUFFER_BYTES }), {
    signal,
  })
  await client.query('COMMIT')
  const columns = used.length > 0 ? used : [{ name: 'none', oid: 0, modifier: -1 }]
  return {
    relation: relationOfFile(path, columns),
    columns: Object.fromEntries(columns.map((column) => [column.name, engineType(column)])),
    deliveredRows: copy.rowCount,
  }
}

function relationOf(source: Source): string {
  if ('table' in source.from) return splitTableName(source.from.table).map(quoteName).join('.')
  // The line break ends a comment in the query.
  if ('query' in source.from) return `(${source.from.query.replace(/;\s*$/, '')}\n) AS source`
  throw new Error('The Postgres reader was given a source of files.')
}

function relationOfFile(path: string, columns: readonly SourceColumn[]): string {
  const types = columns.map((column) => {
    const type = engineType(column)
    return `${quoteText(column.name)}: ${quoteText(type === 'NUMERIC' ? 'VARCHAR' : type)}`
  })
  return `read_csv(${quoteText(path)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '${NULL_TEXT}', allow_quoted_nulls = false, columns = {${types.join(', ')}})`
}
