import { readdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Scratch } from '../../ports/artifact-store.ts'
import type { ComputeEngine, ComputeSession } from '../../ports/compute-engine.ts'
import type { CustomerStore } from '../../ports/customer-store.ts'
import { findRows, nameWanted, readRows } from './customer-rows.ts'

export interface CachedFiles {
  /** Copies of artifacts' files, by their content; the engine may read it. */
  readonly cacheFolder: string
  readonly engine: ComputeEngine
  readonly openScratch: (label: string) => Promise<Scratch>
  /** Removes what attempts that died left on this machine. */
  readonly removeLeftovers: () => Promise<void>
}

/**
 * What this machine keeps of artifacts. Copies go as they are: whoever needs one fetches it again. A copy is found by the digest of its
 * content, which a file without somebody has another of: an old one is never served, here or on another machine, where it goes with age.
 */
export function makeCachedCustomers(files: CachedFiles): CustomerStore {
  const { cacheFolder } = files
  return {
    name: `copies on this machine in ${cacheFolder}`,
    async *find(customerIds, signal) {
      yield* look(files, customerIds, signal, async (session, path) =>
        (await readRows(session, path)).map((row) => ({ ...row, where: path })),
      )
    },
    async erase(customerIds, signal) {
      await files.removeLeftovers()
      const places: string[] = []
      let rows = 0
      const remove = async (session: ComputeSession, path: string): Promise<readonly string[]> => {
        const found = await findRows(session, path)
        if (!found) return []
        rows += found.rows
        await rm(path, { force: true })
        return [path]
      }
      for await (const path of look(files, customerIds, signal, remove)) places.push(path)
      return { rows, places }
    },
  }
}

async function* look<T>(
  { cacheFolder, engine, openScratch }: CachedFiles,
  customerIds: readonly string[],
  signal: AbortSignal,
  ask: (session: ComputeSession, path: string) => Promise<readonly T[]>,
): AsyncIterable<T> {
  const scratch = await openScratch('erasure')
  try {
    const session = await engine.open({ scratchPath: scratch.path, signal })
    try {
      await nameWanted(session, customerIds)
      for (const path of await listCopies(cacheFolder)) {
        signal.throwIfAborted()
        try {
          yield* await ask(session, path)
        } catch (error) {
          // A worker of this machine trimmed the cache meanwhile.
          if ((await listCopies(cacheFolder)).includes(path)) throw error
        }
      }
    } finally {
      await session.close()
    }
  } finally {
    await scratch.close()
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
