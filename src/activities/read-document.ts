import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactFile } from '../run/artifact.ts'
import type { ArtifactStore, NewFile } from '../ports/artifact-store.ts'
import { canonicalJson } from '../plan/digest.ts'
import { ArtifactMissing } from '../errors/artifact-missing.ts'
import type { Attempt } from './attempt.ts'
import type { StageArtifact } from './stage-artifact.ts'

/**
 * The JSON document that `files` of an artifact hold under a role.
 *
 * @throws ArtifactMissing, ArtifactDigestMismatch
 */
export async function readDocument<T>(
  store: ArtifactStore,
  uri: string,
  files: readonly ArtifactFile[],
  role: string,
): Promise<T> {
  const file = files.find((one) => one.role === role)
  if (!file)
    throw new ArtifactMissing(
      `The artifact at ${uri} has no document ${role}.`,
      'Start the next revision: it makes every artifact again.',
    )
  return JSON.parse(await readFile(await store.fetchFile(uri, file), 'utf8')) as T
}

/** Writes a document of an artifact as canonical JSON. */
export async function putDocument(
  artifact: StageArtifact,
  attempt: Attempt,
  role: string,
  document: unknown,
): Promise<ArtifactFile> {
  return artifact.putFile(await writeDocument(attempt, role, document))
}

/** The same, to be put with others. */
export async function writeDocument({ scratchPath }: Attempt, role: string, document: unknown): Promise<NewFile> {
  const localPath = join(scratchPath, `${role}.json`)
  await writeFile(localPath, canonicalJson(document))
  return { role, shard: null, extension: '.json', localPath }
}
