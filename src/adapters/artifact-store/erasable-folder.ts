import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ErasablePlace } from '../../ports/erasable-place.ts'
import { flushToDisk } from './local-files.ts'
import { makeSweptFolder } from './swept-folder.ts'

/** A folder for erasing. */
export function makeErasableFolder(rootFolder: string): ErasablePlace {
  const { list, remove, listUploads, abortUpload } = makeSweptFolder(rootFolder)
  return {
    ...{ list, listUploads, abortUpload },
    // A file system that keeps versions is the business of whoever runs it, as its backups are.
    listOldVersions: () => Promise.resolve([]),
    removeOldVersions: () => Promise.resolve(),
    async readDocument(uri) {
      const text = await readFile(fileURLToPath(uri), 'utf8').catch(ignoreAbsent)
      return text === undefined ? undefined : { text, version: versionOf(text) }
    },
    async replaceDocument(uri, text, version) {
      const path = fileURLToPath(uri)
      const found = await readFile(path, 'utf8').catch(ignoreAbsent)
      if (found === undefined || versionOf(found) !== version) return false
      await putInPlace(path, (temporary) => writeFile(temporary, text, { flush: true }))
      return true
    },
    async fetchFile({ uri }, path) {
      try {
        await copyFile(fileURLToPath(uri), path, constants.COPYFILE_FICLONE)
        return true
      } catch (error) {
        ignoreAbsent(error as NodeJS.ErrnoException)
        return false
      }
    },
    sendFile: (uri, localPath) =>
      putInPlace(fileURLToPath(uri), async (temporary) => {
        await copyFile(localPath, temporary, constants.COPYFILE_FICLONE)
        await flushToDisk(temporary)
      }),
    removeForGood: remove,
  }
}

async function putInPlace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`)
  try {
    await write(temporary)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
