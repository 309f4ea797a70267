import { dirname } from 'node:path'
import type { ArtifactFile, ArtifactRef, Manifest } from '../run/artifact.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeEngine, ComputeSession } from '../ports/compute-engine.ts'
import type { Attempt } from './attempt.ts'
import { ArtifactMissing } from '../errors/artifact-missing.ts'

/** @throws ArtifactMissing when the artifact that a finished stage handed on is gone */
export async function readManifestOf(store: ArtifactStore, ref: ArtifactRef): Promise<Manifest> {
  const manifest = await store.readManifest(ref.uri, 'manifest')
  if (manifest) return manifest
  throw missing(`The artifact of stage ${ref.stage} is not in the store (${ref.uri}/manifest.json).`)
}

/** A shard's rows on the worker's disk. */
export interface LocalRows {
  readonly path: string
  readonly rowCount: number
}

/**
 * @param role of the files
 * @throws ArtifactMissing, ArtifactDigestMismatch
 */
export async function fetchRows(
  store: ArtifactStore,
  ref: ArtifactRef,
  shard: number,
  role = 'rows',
): Promise<LocalRows> {
  const manifest = await readManifestOf(store, ref)
  const file = manifest.files.find((one) => one.role === role && one.shard === shard)
  if (!file?.rows) throw missing(`The artifact of stage ${ref.stage} has no ${role} of shard ${shard} (${ref.uri}).`)
  return { path: await store.fetchFile(ref.uri, file), rowCount: file.rows.rowCount }
}

/** Rows that are there now: after an erasure fewer than the ref says. */
export async function countRows(store: ArtifactStore, ref: ArtifactRef): Promise<number> {
  return rowsIn((await readManifestOf(store, ref)).files)
}

export function rowsIn(files: readonly ArtifactFile[]): number {
  return files.reduce((sum, { role, rows }) => sum + (role === 'rows' ? (rows?.rowCount ?? 0) : 0), 0)
}

/** Paths of the rows of all shards, in order. @throws ArtifactMissing, ArtifactDigestMismatch */
export async function fetchShards(
  store: ArtifactStore,
  ref: ArtifactRef,
  shardCount: number,
  role = 'rows',
): Promise<readonly string[]> {
  const paths: string[] = []
  for (let shard = 0; shard < shardCount; shard++) paths.push((await fetchRows(store, ref, shard, role)).path)
  return paths
}

/** Opens a session that may read `paths`, and closes it whatever happens. */
export async function withSession<T>(
  engine: ComputeEngine,
  attempt: Pick<Attempt, 'scratchPath'> & Partial<Pick<Attempt, 'signal'>>,
  paths: readonly string[],
  body: (session: ComputeSession) => Promise<T>,
): Promise<T> {
  const session = await engine.open({
    scratchPath: attempt.scratchPath,
    readablePaths: [...new Set(paths.map((path) => dirname(path)))],
    signal: attempt.signal,
  })
  try {
    return await body(session)
  } finally {
    await session.close()
  }
}

/** Columns of a relation with their types, in order. */
export async function describeColumns(
  session: ComputeSession,
  relation: string,
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const described = await session.rows(`describe select * from ${relation}`)
  return described.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
}

function missing(what: string): ArtifactMissing {
  return new ArtifactMissing(what, 'Start the next revision: it makes every artifact again.')
}
