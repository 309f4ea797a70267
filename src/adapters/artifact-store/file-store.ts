import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ArtifactPlace } from '../../ports/artifact-place.ts'
import type { ArtifactStore } from '../../ports/artifact-store.ts'
import { artifactFileUri } from '../../run/artifact-files.ts'
import { findSuccessor, keepArtifacts } from './artifact-store.ts'
import { checkFile, fileMissing, flushToDisk, sizeOfFile } from './local-files.ts'

export interface FileStoreOptions {
  /** Holds all artifacts. Workers on several machines need the same folder on a shared disk. */
  readonly rootFolder: string
  /** For attempts' own folders; may be emptied whenever no worker runs. */
  readonly scratchFolder: string
}

/** Artifacts as files of a folder: `file://`. */
export function makeFileStore({ rootFolder, scratchFolder }: FileStoreOptions): ArtifactStore {
  const kept = keepArtifacts(openFolder(rootFolder), scratchFolder)
  const fetchFile: ArtifactStore['fetchFile'] = async (artifactUri, file) => {
    const path = fileURLToPath(artifactFileUri(artifactUri, file.name))
    if ((await sizeOfFile(path)) === undefined) {
      const successor = await findSuccessor(kept, artifactUri, file)
      if (successor) return fetchFile(artifactUri, successor)
      throw fileMissing(artifactUri, file)
    }
    await checkFile(path, file, artifactUri)
    return path
  }
  return { ...kept, fetchFile }
}

function openFolder(rootFolder: string): ArtifactPlace {
  return {
    // A tilde, as in run ids, needs no escape and is read by people.
    rootUri: pathToFileURL(resolve(rootFolder)).href.replaceAll('%7E', '~').replace(/\/$/, ''),
    async readDocument(uri) {
      try {
        return await readFile(fileURLToPath(uri), 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async createDocument(uri, text) {
      const path = fileURLToPath(uri)
      const temporary = await temporaryBeside(path)
      await writeFile(temporary, text, { flush: true })
      try {
        // Unlike rename, link fails when the name is taken: the first attempt wins.
        await link(temporary, path)
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async sendFile(uri, localPath) {
      const path = fileURLToPath(uri)
      const temporary = await temporaryBeside(path)
      await copyFile(localPath, temporary, constants.COPYFILE_FICLONE)
      await flushToDisk(temporary)
      await rename(temporary, path)
    },
    async remove(prefix, keptPrefix) {
      const kept = join(rootFolder, keptPrefix)
      const entries = await readdir(join(rootFolder, prefix), { recursive: true, withFileTypes: true }).catch(
        ignoreAbsent,
      )
      for (const entry of entries ?? []) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile() && !path.startsWith(kept)) await rm(path, { force: true })
      }
    },
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function temporaryBeside(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  return join(dirname(path), `.${randomUUID()}.tmp`)
}
