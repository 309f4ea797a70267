import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Definition } from '../plan/definition.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import type { DataRole } from '../run/data-roles.ts'
import { readParquet } from '../sql/sql-text.ts'
import { fileRoleOf } from '../stages/extract/config.ts'
import { fetchFiles, withStoredRows } from './stored-rows.ts'

/** A run, and its artifact of stage cleanse. */
export interface CleanedRun {
  /** `shop@2026-10-01~1` */
  readonly run: string
  readonly cleanUri: string | undefined
}

/**
 * Opens a session on the clean rows of a run.
 *
 * @param body takes a relation of each role, null where the pipeline does not read it
 * @throws ArtifactMissing, ConnectionFailed
 */
export async function withCleanRows<Role extends DataRole, T>(
  services: Pick<Services, 'engine' | 'store'>,
  definition: Definition,
  { run, cleanUri }: CleanedRun,
  roles: readonly Role[],
  body: (session: ComputeSession, relations: Readonly<Record<Role, string | null>>) => Promise<T>,
): Promise<T> {
  const { extract } = definition.pipeline
  const store = services.store(definition)
  const manifest = cleanUri === undefined ? undefined : await store.readManifest(cleanUri, 'manifest')
  if (cleanUri === undefined || !manifest)
    throw new ArtifactMissing(
      `The rows of ${run} are not in the artifact store ${cleanUri === undefined ? 'and never were' : `any more (${cleanUri})`}.`,
      'Name a run that is kept, or make it again: its next revision.',
    )
  const paths: string[] = []
  const relations = new Map<Role, string | null>()
  for (const role of roles) {
    const found =
      extract[role] === undefined ? [] : await fetchFiles(store, cleanUri, manifest, fileRoleOf(extract, role))
    paths.push(...found)
    relations.set(role, found.length === 0 ? null : readParquet(found))
  }
  return withStoredRows(services.engine, store, 'clean', paths, (session) =>
    body(session, Object.fromEntries(relations) as Record<Role, string | null>),
  )
}
