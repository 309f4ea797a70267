import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** A file this young may be in use by an attempt of any worker on this machine. */
const IN_USE_MS = 60 * 60 * 1000

/** Notes the use in the access time; the modification time stays, it tells whether the bytes were touched. */
export async function markUsed(path: string): Promise<void> {
  const { mtimeMs } = await stat(path)
  await utimes(path, Date.now() / 1000, mtimeMs / 1000)
}

/** Removes files that were unused for longest until the cache fits. */
export async function trimCache(folder: string, largestBytes: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = (
    await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name)
          // Another worker may have removed it meanwhile.
          const found = await stat(path).catch(() => undefined)
          return found ? [{ path, bytes: found.size, usedMs: found.atimeMs }] : []
        }),
    )
  ).flat()
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  for (const file of files.sort((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= largestBytes || Date.now() - file.usedMs < IN_USE_MS) return
    await rm(file.path, { force: true })
    bytes -= file.bytes
  }
}
