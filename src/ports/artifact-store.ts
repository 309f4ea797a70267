import type { ArtifactAddress, ArtifactFile, Manifest, RowDigest } from '../run/artifact.ts'

/** What a manifest commits: the whole artifact, or one shard of it. */
export type ManifestName = 'manifest' | `part-${number}`

/** A folder on the worker's disk for one attempt; `close` removes it. */
export interface Scratch {
  /** Absolute path. */
  readonly path: string
  close(): Promise<void>
}

export interface NewFile {
  readonly role: string
  readonly shard: number | null
  /** `.parquet` or `.json`. */
  readonly extension: string
  readonly localPath: string
  readonly rows?: RowDigest
}

/** Immutable stage outputs. The store is the truth, a worker's disk is a cache. */
export interface ArtifactStore {
  /** Folder URI of an artifact: `<root>/<targetPrefix><pipeline>/<runKey>~<revision>/<stage>-<inputDigest, 16 characters>`. */
  artifactUri(targetPrefix: string, address: ArtifactAddress): string
  /** @returns undefined when nothing is committed under that name */
  readManifest(artifactUri: string, name: ManifestName): Promise<Manifest | undefined>
  /**
   * Commits: written only if absent.
   *
   * @returns what is committed, which is the other one's when another attempt was first
   * @throws ArtifactDigestMismatch when the other one's content digest differs
   */
  commitManifest(artifactUri: string, name: ManifestName, manifest: Manifest): Promise<Manifest>
  /** Uploads `localPath` as `<role>[-<shard>]-<sha256, 12 characters><extension>`. */
  putFile(artifactUri: string, file: NewFile): Promise<ArtifactFile>
  /**
   * Brings a file to the worker's disk (or finds it there) and checks its bytes.
   *
   * @returns an absolute path, read-only
   * @throws ArtifactMissing, ArtifactDigestMismatch
   */
  fetchFile(artifactUri: string, file: ArtifactFile): Promise<string>
  /**
   * Removes all artifacts under a prefix except those under another one. For prefixes that no run under way writes to or reads from.
   *
   * @param prefix of URIs below the root, as targets have it; not empty, ends with a slash
   * @param keptPrefix under `prefix`
   */
  removeArtifacts(prefix: string, keptPrefix: string): Promise<void>
  openScratch(label: string): Promise<Scratch>
}
