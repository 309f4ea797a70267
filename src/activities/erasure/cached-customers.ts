import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Scratch } from '../../ports/artifact-store.ts'
import type { ComputeEngine, ComputeSession } from '../../ports/compute-engine.ts'
import type { CustomerStore } from '../../ports/customer-store.ts'
import { findRows, nameWanted } from './customer-rows.ts'

export interface CachedFiles {
  /** Copies of artifacts' files, by their content; the engine may read it. */
  readonly cacheFolder: string
  readonly engine: ComputeEngine
  readonly openScratch: (label: string) => Promise<Scratch>
  /** Removes what attempts that died left on this machine. */
  readonly removeLeftovers: () => Promise<void>
}

/**
 * What this machine keeps of artifacts: copies, so that it holds nothing which the artifact store does not, and `find` has nothing to say.
 * They go as they are: whoever needs one fetches it again. A copy is found by the digest of its content, which a file without somebody has
 * another of: an old one is never served, here or on another machine, where it goes with age.
 */
export function makeCachedCustomers(files: CachedFiles): CustomerStore {
  return {
    name: 'copies on the disk of a worker',
    async *find() {
      // Nothing that is not in the artifact store.
    },
    async erase(customerIds, signal) {
      await files.removeLeftovers()
      const places = await dropCopies(files, customerIds, signal)
      return { rows: 0, places }
    },
  }
}

async function dropCopies(
  { cacheFolder, engine, openScratch }: CachedFiles,
  customerIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const scratch = await openScratch('erasure')
  const session = await engine.open({ scratchPath: scratch.path, signal })
  try {
    await nameWanted(session, customerIds)
    const dropped: string[] = []
    for (const path of await listCopies(cacheFolder))
      if (await holdsAny(session, path)) {
        await rm(path, { force: true })
        dropped.push(path)
      }
    return dropped
  } finally {
    await session.close()
    await scratch.close()
  }
}

async function holdsAny(session: ComputeSession, path: string): Promise<boolean> {
  try {
    return (await findRows(session, path)) !== undefined
  } catch (error) {
    // A worker of this machine trimmed the cache meanwhile.
    if (existsSync(path)) throw error
    return false
  }
}

async function listCopies(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(nothingThere)
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name) === '.parquet')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return []
  throw error
}
