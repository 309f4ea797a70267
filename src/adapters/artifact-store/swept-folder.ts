import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SweptPlace } from '../../ports/swept-place.ts'

/** A folder for tidying up. */
export function makeSweptFolder(rootFolder: string): SweptPlace {
  return {
    async list(prefix) {
      const folder = join(rootFolder, prefix)
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(nothingThere)
      const found = entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name)
          const { size, mtime } = await stat(path)
          const uri = pathToFileURL(path).href.replaceAll('%7E', '~')
          return { uri, bytes: size, modifiedAt: mtime.toISOString() }
        })
      return Promise.all(found)
    },
    async remove(uris) {
      for (const uri of uris) {
        const path = fileURLToPath(uri)
        await rm(path, { force: true })
        await removeEmpty(dirname(path), rootFolder)
      }
    },
    // A copy that broke off has a name of its own, and no run's folder counts it.
    listUploads: async () => [],
    abortUpload: async () => undefined,
  }
}

/** Folders that became empty, as a bucket has none either. */
async function removeEmpty(folder: string, rootFolder: string): Promise<void> {
  const below = relative(rootFolder, folder)
  if (below === '' || below.split(sep)[0] === '..') return
  try {
    await rmdir(folder)
  } catch {
    // It has files, or somebody else removed it.
    return
  }
  await removeEmpty(dirname(folder), rootFolder)
}

function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return []
  throw error
}
