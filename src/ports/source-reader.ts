import type { ComputeSession } from './compute-engine.ts'
import type { Source } from '../stages/extract/config.ts'

/** A source made visible to a session as a relation with its own column names. */
export interface OpenedSource {
  /** SQL that yields the relation's rows: `read_csv(…)`, `read_parquet(…)`. */
  readonly relation: string
  /** Column name → DuckDB type of the relation, or `NUMERIC`: a VARCHAR that holds numbers of no declared scale. */
  readonly columns: Readonly<Record<string, string>>
  /** Rows of the relation as the source counted them, apart from the engine; null where nobody can. */
  readonly deliveredRows: number | null
  /** Records that have no row in the relation because of their shape, and what was wrong. Empty for sources that have no shape to break. */
  readonly unreadable: UnreadableRecords
}

export interface UnreadableRecords {
  readonly count: number
  /** SQL that yields (file VARCHAR, line BIGINT, problem VARCHAR, text VARCHAR: at most 200 characters); null when `count` is 0. */
  readonly relation: string | null
}

export interface ReadRequest {
  readonly source: Source
  /** Name of the source, for messages. */
  readonly sourceName: string
  /** Source columns that the mapping and its expressions use; nothing else leaves the source. */
  readonly usedColumns: readonly string[]
  /** ISO instant; rows at or after it may be left out at the source, and are left out by the engine in any case. Null: all rows. */
  readonly asOf: string | null
  /** A folder of this request alone. */
  readonly scratchPath: string
  /** Aborting ends the reading, which then throws. */
  readonly signal?: AbortSignal
}

/** One over each kind of source. */
export interface SourceReader {
  /** Folders that the session must be allowed to read for this source. Absent: none but its scratch. */
  folders?(source: Source): readonly string[]
  /** Column names and DuckDB types, without reading rows. @throws SourceUnreadable, SourceSchemaChanged, ConnectionFailed, PermissionDenied */
  describe(source: Source, sourceName: string): Promise<Readonly<Record<string, string>>>
  /**
   * One consistent look: all that is read through it is of one moment, where the source can do that (Postgres: one snapshot for all
   * sources of the connection; files: what lay there, told apart by size, time and tag when it changes meanwhile).
   */
  open(signal?: AbortSignal): Promise<SourceView>
}

export interface SourceView {
  describe(source: Source, sourceName: string): Promise<Readonly<Record<string, string>>>
  /**
   * Makes the rows readable by `session`. Several reads may run at once; the view keeps to the limits of its connection.
   *
   * @throws the same as `describe`
   */
  read(session: ComputeSession, request: ReadRequest, onProgress: (rowsDone: number) => void): Promise<OpenedSource>
  close(): Promise<void>
}
