import type { ComputeEngine } from '../../ports/compute-engine.ts'
import type { InputFiles } from '../../ports/input-files.ts'
import type { Source } from '../../stages/extract/config.ts'
import type { FileSet } from './find-files.ts'

export interface FileReaderOptions {
  /** Looks into Parquet files. */
  readonly engine: ComputeEngine
  /** Where relative `file:` locations begin. */
  readonly projectFolder: string
  /** Where fetched objects are kept for as long as a view is open. Default: the system's folder for temporary files. */
  readonly scratchFolder?: string
  /** Files of an S3 connection. Default: there are none. */
  readonly objects?: (connection: string) => InputFiles
}

export type Columns = Readonly<Record<string, string>>

/** A place of a source: its files, and how they are written. */
export interface FilePlace extends FileSet {
  readonly source: Source
  readonly sourceName: string
}
