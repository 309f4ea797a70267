import type { StageName } from './stage.ts'

/**
 * Where an artifact lives: derived, never drawn, so that a second attempt finds the first one's work.
 * `inputDigest` covers the stage's config, the content digests of what it read, the stage version and the shard count.
 */
export interface ArtifactAddress {
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  readonly stage: StageName
  readonly inputDigest: string
}

/** One committed stage output. Small enough to travel through Temporal; the rows stay behind the address. */
export interface ArtifactRef {
  readonly stage: StageName
  /** Folder URI, without a trailing slash. `<uri>/manifest.json` exists: the artifact is complete. */
  readonly uri: string
  /** Lower-case hex SHA-256 of the canonical rows: equal for any number of shards or threads. */
  readonly contentDigest: string
  readonly rowCount: number
}

/** Order-free fingerprint of a set of rows; fingerprints of disjoint sets add up (see `addRowDigests`). */
export interface RowDigest {
  readonly rowCount: number
  /** Decimal strings: sums of two 64-bit hashes of each row, as 128-bit integers. */
  readonly lower: string
  readonly upper: string
}

/** A file of an artifact. Rows are Parquet files, one a shard; documents are JSON files without a shard. */
export interface ArtifactFile {
  /** What the file holds: `rows`, `rejects`, `transforms`, `model`, … One artifact may have a role once a shard. */
  readonly role: string
  readonly shard: number | null
  /** Name under the artifact's folder. Contains the start of `sha256`, so that two attempts never tear each other's file. */
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Absent for documents. */
  readonly rows?: RowDigest
}

/** Written last and only if absent: what commits an artifact (`manifest`) or one shard of it (`part-<shard>`). */
export interface Manifest {
  readonly formatVersion: 1
  readonly address: ArtifactAddress
  /** Null in the manifest of the whole artifact. */
  readonly shard: number | null
  readonly files: readonly ArtifactFile[]
  readonly contentDigest: string
  readonly rowCount: number
  /** Counts and small figures of the stage, plain JSON; no wall-clock time, attempt or Temporal id. */
  readonly summary: Readonly<Record<string, unknown>>
  /**
   * What was taken out since, on request of customers: `files` are without it, while `contentDigest`, `rowCount` and `summary` stay what was
   * computed, since runs and addresses refer to them. Absent: nothing.
   */
  readonly erased?: { readonly customers: number; readonly rows: number }
}

/** Adds fingerprints of disjoint sets of rows. */
export function addRowDigests(digests: readonly RowDigest[]): RowDigest {
  let rowCount = 0
  let lower = 0n
  let upper = 0n
  for (const digest of digests) {
    rowCount += digest.rowCount
    lower += BigInt(digest.lower)
    upper += BigInt(digest.upper)
  }
  return { rowCount, lower: lower.toString(), upper: upper.toString() }
}
