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

/** The first rows of a source, for people. */
export interface SourceSample {
  /** As `describe` gives them. */
  readonly columns: Readonly<Record<string, string>>
  /** Values as text, in the order of `columns`. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** Where each row begins in its file, counted from 1; null where rows have no lines. */
  readonly lines: readonly (number | null)[]
  /** The file of each row; null where rows come from no file. */
  readonly files: readonly (string | null)[]
  /** Records among those looked at that are no rows. */
  readonly unreadable: readonly UnreadableRecord[]
}

export interface UnreadableRecord {
  readonly file: string
  /** Counted from 1, as editors count. */
  readonly line: number
  readonly problem: string
  /** At most 200 characters of the record. */
  readonly text: string
}

/** Reads every source of a definition: files, objects, tables, and sources of several places. */
export interface SourceReader {
  /** Folders that the session must be allowed to read for this source. Absent: none but its scratch. */
  folders?(source: Source): readonly string[]
  /**
   * Column names and types, as `OpenedSource` has them, without reading rows. A source of several places has the columns of all of them;
   * those that are read must be in each.
   *
   * @throws SourceUnreadable, SourceSchemaChanged, ConnectionFailed, PermissionDenied
   */
  describe(source: Source, sourceName: string): Promise<Readonly<Record<string, string>>>
  /**
   * One consistent look: all that is read through it is of one moment, where the source can do that (Postgres: one snapshot for all
   * sources of the connection; files: what lay there, told apart by size, time and tag when it changes meanwhile).
   */
  open(signal?: AbortSignal): Promise<SourceView>
}

export interface SourceView {
  describe(source: Source, sourceName: string): Promise<Readonly<Record<string, string>>>
  /** A cheap look at the first rows. @throws the same as `describe` */
  sample(source: Source, sourceName: string, rowCount: number): Promise<SourceSample>
  /**
   * The newest value of a column of instants or dates, as text, over all rows of the source, also those that `read` leaves at the source.
   *
   * @returns null when there is none; undefined when the source knows it no better than the engine that has the rows
   */
  newest(source: Source, sourceName: string, column: string): Promise<string | null | undefined>
  /** Rows of the source, or `limit` when it has more; undefined when it knows no better than the engine that has the rows. */
  countUpTo(source: Source, sourceName: string, limit: number): Promise<number | undefined>
  /**
   * Makes the rows readable by `session`. Several reads may run at once; the view keeps to the limits of its connection.
   *
   * @throws the same as `describe`
   */
  read(session: ComputeSession, request: ReadRequest, onProgress: (rowsDone: number) => void): Promise<OpenedSource>
  close(): Promise<void>
}
