import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { ComputeEngine, ComputeSession } from '../ports/compute-engine.ts'
import type { Manifest } from '../run/artifact.ts'
import { withSession } from './read-artifact.ts'

/** Paths of all files of a role, in the order of the manifest. */
export function fetchFiles(store: ArtifactStore, uri: string, { files }: Manifest, role: string): Promise<string[]> {
  return Promise.all(files.filter((file) => file.role === role).map((file) => store.fetchFile(uri, file)))
}

/**
 * Opens a session on files that a run has stored, for a look at them outside of any run, and closes it whatever happens.
 *
 * @param name of the look: says in the scratch folder whose it is
 */
export async function withStoredRows<T>(
  engine: ComputeEngine,
  store: ArtifactStore,
  name: string,
  paths: readonly string[],
  body: (session: ComputeSession) => Promise<T>,
): Promise<T> {
  const scratch = await store.openScratch(name)
  try {
    return await withSession(engine, { scratchPath: scratch.path }, paths, body)
  } finally {
    await scratch.close()
  }
}
