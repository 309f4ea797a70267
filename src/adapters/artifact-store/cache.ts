import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** How long a copy stays that nobody uses. */
const CACHE_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000
/** A file this young may be in use by an attempt of any worker on this machine. */
const IN_USE_MS = 60 * 60 * 1000

/** Notes the use in the access time; the modification time stays, it tells whether the bytes were touched. */
export async function markUsed(path: string): Promise<void> {
  const { mtimeMs } = await stat(path)
  await utimes(path, Date.now() / 1000, mtimeMs / 1000)
}

interface CachedFile {
  readonly path: string
  readonly bytes: number
  readonly usedMs: number
}

/** Removes files that nobody used for so long: what was erased from a store lasts no longer in the caches of other machines. */
async function dropUnused(folder: string, days: number): Promise<void> {
  for (const { path, usedMs } of await listFiles(folder))
    if (Date.now() - usedMs > Math.max(days * DAY_MS, IN_USE_MS)) await rm(path, { force: true })
}

/** Does so now and once a day: a worker with nothing to do for months must not keep what was erased long ago. */
export function ageCache(folder: string): { stop(): void } {
  // What cannot be removed now is tried again tomorrow; a run has nothing to do with it.
  const drop = (): void => void dropUnused(folder, CACHE_DAYS).catch(() => undefined)
  drop()
  const daily = setInterval(drop, DAY_MS)
  daily.unref()
  return { stop: () => clearInterval(daily) }
}

/** Removes files that were unused for longest until the cache fits. */
export async function trimCache(folder: string, largestBytes: number): Promise<void> {
  const files = await listFiles(folder)
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  for (const file of files.toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= largestBytes || Date.now() - file.usedMs < IN_USE_MS) return
    await rm(file.path, { force: true })
    bytes -= file.bytes
  }
}

async function listFiles(folder: string): Promise<readonly CachedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(nothingThere)
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        // Another worker may have removed it meanwhile.
        const file = await stat(path).catch(() => undefined)
        return file ? [{ path, bytes: file.size, usedMs: file.atimeMs }] : []
      }),
  )
  return found.flat()
}

function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return []
  throw error
}
