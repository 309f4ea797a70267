import type { RowDigest } from '../../run/artifact.ts'

/** A file as it was written again. */
export interface RewrittenFile {
  /** As the documents of its folder name it. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Rows that it has now. */
  readonly rows: number
  /** Absent: it is no Parquet. */
  readonly digest?: RowDigest
  readonly erasedRows: number
  /** Whose they were. */
  readonly customerIds: readonly string[]
}

/** A document that says which files count. */
export type StoredManifest = Readonly<Record<string, unknown>>

/** How a kind of place names its files and says which count. */
export interface StoredLayout {
  /** Of the documents' JSON. */
  readonly indent: number
  /** @returns the folder that a file belongs to, without a trailing slash, and how its documents name the file; undefined: it is none of these */
  locate(uri: string): { readonly folder: string; readonly path: string } | undefined
  /** The reverse of `locate`. */
  uriOf(folder: string, path: string): string
  /** Whether a file can have rows of customers, as its name says: documents name nobody. */
  hasRows(uri: string): boolean
  /** Whether a file says which others count. @param path below its folder */
  isManifest(path: string): boolean
  /** Files that a manifest names. */
  filesOf(manifest: StoredManifest): readonly string[]
  /** Whether a file can have rows of these buckets, as the manifests say; false saves looking. */
  mayHold(path: string, manifests: readonly StoredManifest[], buckets: ReadonlySet<number>): boolean
  /** Name of a file after it was written again: tells its content from that of before, whatever is done by names goes on. */
  rename(path: string, sha256: string): string
  /** The manifest with the new files instead of those before, and a note of what is gone. @param rewritten by the name before */
  revise(manifest: StoredManifest, rewritten: ReadonlyMap<string, RewrittenFile>): StoredManifest
  /** Whether nobody reads a file any more once the folder is complete, and it need not be written again. */
  isSpent(path: string): boolean
}

/** Files of a manifest, as far as they were written again. */
export function rewrittenOf(
  files: readonly string[],
  rewritten: ReadonlyMap<string, RewrittenFile>,
): readonly RewrittenFile[] {
  return files.flatMap((name) => rewritten.get(name) ?? [])
}

export function customersOf(files: readonly RewrittenFile[]): number {
  return new Set(files.flatMap(({ customerIds }) => customerIds)).size
}
