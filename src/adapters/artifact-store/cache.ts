import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** How long a copy stays that nobody uses. */
const CACHE_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000
/** A file this young may be in use by an attempt of any worker on this machine. */
const IN_USE_MS = 60 * 60 * 1000
const GIB = 2 ** 30
/** Of the limit: what may come in before the cache is looked through again. */
const UNSEEN_SHARE = 0.02

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

export interface Cache {
  readonly folder: string
  /** A file has come in. */
  added(bytes: number): Promise<void>
  stop(): void
}

/**
 * Looks through the cache now, once a day, and whenever so much has come in: files that nobody used for a week leave it (what was erased from a store lasts
 * no longer in the caches of other machines), then those unused for longest, until the rest fits. Not for each file that comes, as a look takes as
 * long as there are files; on a machine of several workers each may be above the limit by what it has not looked at.
 *
 * @param largestBytes default: 20 GiB
 */
export function keepCache(folder: string, largestBytes = 20 * GIB): Cache {
  const unseenBytes = largestBytes * UNSEEN_SHARE
  let addedBytes = 0
  const look = async (): Promise<void> => {
    addedBytes = 0
    const files = await dropUnused(await listFiles(folder))
    await trim(files, largestBytes - unseenBytes)
  }
  // What cannot be removed now is tried again tomorrow; a run has nothing to do with it.
  const lookQuietly = (): void => void look().catch(() => undefined)
  lookQuietly()
  const daily = setInterval(lookQuietly, DAY_MS)
  daily.unref()
  return {
    folder,
    async added(bytes) {
      addedBytes += bytes
      if (addedBytes >= unseenBytes) await look()
    },
    stop: () => clearInterval(daily),
  }
}

async function dropUnused(files: readonly CachedFile[]): Promise<readonly CachedFile[]> {
  const kept: CachedFile[] = []
  for (const file of files)
    if (Date.now() - file.usedMs > CACHE_DAYS * DAY_MS) await rm(file.path, { force: true })
    else kept.push(file)
  return kept
}

async function trim(files: readonly CachedFile[], largestBytes: number): Promise<void> {
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
