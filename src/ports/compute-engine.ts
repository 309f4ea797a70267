import type { RowDigest } from '../run/artifact.ts'

export type TypedColumn = Float64Array | Int32Array | readonly (string | null)[]

export interface ColumnTable {
  readonly rowCount: number
  /** Every column has `rowCount` values. NULL is NaN in a Float64Array, null among texts, and refused in an Int32Array. */
  readonly columns: Readonly<Record<string, TypedColumn>>
}

export interface WrittenRows {
  readonly localPath: string
  readonly rows: RowDigest
}

/** How a Parquet file is made that others read. */
export interface ParquetFormat {
  /** Default: the engine's own. */
  readonly rowGroupRows?: number
  /** Of the whole file, for whoever has nothing but it. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Runs compiled SQL out of core. One session an activity attempt; texts are UTF-8, the session's zone is UTC. */
export interface ComputeSession {
  execute(sql: string): Promise<void>
  /** For small results only: all rows as plain objects; 64-bit integers and DECIMALs arrive as numbers or, when larger than 2^53, as bigints. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Reads a result into typed arrays: DOUBLE/FLOAT → Float64Array, INTEGER and smaller → Int32Array, all else → texts. */
  columns(sql: string): Promise<ColumnTable>
  /** Makes a table of typed arrays: Float64Array → DOUBLE, Int32Array → INTEGER, texts → VARCHAR. */
  createTable(name: string, table: ColumnTable): Promise<void>
  /**
   * Writes a query as Parquet, ordered by `orderBy` (a total order), and fingerprints its rows.
   *
   * @param orderBy comma-separated column list of the query
   * @param omitted columns of the query that only order the rows
   */
  writeParquet(
    query: string,
    orderBy: string,
    localPath: string,
    omitted?: readonly string[],
    format?: ParquetFormat,
  ): Promise<WrittenRows>
  close(): Promise<void>
}

export interface SessionOptions {
  /** The session's own folder: spill files and what the attempt writes. */
  readonly scratchPath: string
  /** Other folders it may read besides the store's cache. */
  readonly readablePaths?: readonly string[]
  /** Aborting interrupts the running query, which then throws. */
  readonly signal?: AbortSignal
}

export interface ComputeEngine {
  open(options: SessionOptions): Promise<ComputeSession>
}
