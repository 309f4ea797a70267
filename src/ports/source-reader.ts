import type { ComputeSession } from './compute-engine.ts'
import type { Source } from '../stages/extract/config.ts'

/** A source made visible to a session as a relation with its own column names. */
export interface OpenedSource {
  /** SQL that yields the relation's rows: `read_csv(…)`, `read_parquet(…)`. */
  readonly relation: string
  /** Column name → DuckDB type of the relation, or `NUMERIC`: a VARCHAR that holds numbers of no declared scale. */
  readonly columns: Readonly<Record<string, string>>
  /** Rows the source said it delivered, counted apart from the engine where that is possible; null otherwise. */
  readonly deliveredRows: number | null
}

export interface ReadRequest {
  readonly source: Source
  /** Name of the source, for messages. */
  readonly sourceName: string
  /** Source columns that the mapping and its expressions use; nothing else leaves the source. */
  readonly usedColumns: readonly string[]
  /** ISO instant; rows at or after it may be left out at the source, and are left out by the engine in any case. */
  readonly asOf: string
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
  /** Makes the rows readable by `session`. @throws the same as `describe` */
  read(session: ComputeSession, request: ReadRequest, onProgress: (rowsDone: number) => void): Promise<OpenedSource>
}
