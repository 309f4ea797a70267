import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { ColumnTable, ComputeSession, ParquetFormat, WrittenRows } from '../../ports/compute-engine.ts'
import { appendTable } from './append-table.ts'
import { plainRow } from './plain-values.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { readColumns } from './read-columns.ts'
import { rowDigestSql, type ColumnType } from './row-digest.ts'

const INTERRUPT_EVERY_MS = 50

export class DuckDbSession implements ComputeSession {
  private readonly instance: DuckDBInstance
  private readonly connection: DuckDBConnection
  private readonly signal: AbortSignal | undefined
  private interrupting: NodeJS.Timeout | undefined
  private closed = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.instance = instance
    this.connection = connection
    this.signal = signal
    signal?.addEventListener('abort', this.interrupt, { once: true })
  }

  async execute(sql: string): Promise<void> {
    await this.run(() => this.connection.run(sql))
  }

  async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const reader = await this.run(() => this.connection.runAndReadAll(sql))
    return reader.getRowObjects().map(plainRow)
  }

  async columns(sql: string): Promise<ColumnTable> {
    return this.run(async () => readColumns(await this.connection.stream(sql)))
  }

  async createTable(name: string, table: ColumnTable): Promise<void> {
    await this.run(() => appendTable(this.connection, name, table, () => this.signal?.throwIfAborted()))
  }

  async writeParquet(
    query: string,
    orderBy: string,
    localPath: string,
    omitted: readonly string[] = [],
    format: ParquetFormat = {},
  ): Promise<WrittenRows> {
    const file = quoteText(localPath)
    const written = omitted.length > 0 ? `* EXCLUDE (${omitted.map(quoteName).join(', ')})` : '*'
    await this.execute(`COPY (SELECT ${written} FROM (${query}) ORDER BY ${orderBy}) TO ${file} (${optionsOf(format)})`)
    // The fingerprint is taken from what is in the file, not from what was meant to be there.
    const relation = `read_parquet(${file})`
    const columns = (await this.rows(`DESCRIBE SELECT * FROM ${relation}`)).map((row): ColumnType => ({
      name: String(row.column_name),
      type: String(row.column_type),
    }))
    const [digest] = await this.rows(rowDigestSql(relation, columns))
    return {
      localPath,
      rows: { rowCount: Number(digest!.row_count), lower: String(digest!.lower), upper: String(digest!.upper) },
    }
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true
      this.signal?.removeEventListener('abort', this.interrupt)
      clearInterval(this.interrupting)
      this.connection.closeSync()
      this.instance.closeSync()
    }
    return Promise.resolve()
  }

  private async run<T>(query: () => Promise<T>): Promise<T> {
    this.signal?.throwIfAborted()
    try {
      const result = await query()
      this.signal?.throwIfAborted()
      return result
    } catch (error) {
      // An interrupted query reports an interruption: the reason of the abort is the truth.
      this.signal?.throwIfAborted()
      throw error
    }
  }

  /** An interrupt that arrives before the query has begun is lost: it is repeated until the session closes. */
  private readonly interrupt = (): void => {
    this.connection.interrupt()
    this.interrupting = setInterval(() => this.connection.interrupt(), INTERRUPT_EVERY_MS)
    this.interrupting.unref()
  }
}

function optionsOf({ rowGroupRows, metadata = {} }: ParquetFormat): string {
  const pairs = Object.entries(metadata).map(([key, value]) => `${quoteName(key)}: ${quoteText(value)}`)
  return [
    'FORMAT parquet, COMPRESSION zstd',
    ...(rowGroupRows === undefined ? [] : [`ROW_GROUP_SIZE ${rowGroupRows}`]),
    ...(pairs.length === 0 ? [] : [`KV_METADATA {${pairs.join(', ')}}`]),
  ].join(', ')
}
