import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ArtifactStore, ManifestName } from '../../ports/artifact-store.ts'
import type { Manifest } from '../../run/artifact.ts'
import { checkFile, fileMissing, flushToDisk, sha256OfFile, sizeOfFile } from './local-files.ts'
import { acceptWinner, artifactPath, fileName } from './naming.ts'
import { openScratch } from './scratch.ts'

export interface FileStoreOptions {
  /** Holds all artifacts. Workers on several machines need the same folder on a shared disk. */
  readonly rootFolder: string
  /** For attempts' own folders; may be emptied whenever no worker runs. */
  readonly scratchFolder: string
}

/** Artifacts as files of a folder: `file://`. */
export function makeFileStore({ rootFolder, scratchFolder }: FileStoreOptions): ArtifactStore {
  const readManifest = async (artifactUri: string, name: ManifestName): Promise<Manifest | undefined> => {
    try {
      return JSON.parse(await readFile(join(fileURLToPath(artifactUri), `${name}.json`), 'utf8')) as Manifest
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
  return {
    artifactUri: (targetPrefix, address) =>
      // Run ids contain a tilde, which needs no escape and is read by people.
      pathToFileURL(join(resolve(rootFolder), artifactPath(targetPrefix, address))).href.replaceAll('%7E', '~'),
    readManifest,
    async commitManifest(artifactUri, name, manifest) {
      const folder = fileURLToPath(artifactUri)
      const temporary = await temporaryPath(folder)
      await writeFile(temporary, `${JSON.stringify(manifest, null, 1)}\n`, { flush: true })
      try {
        // Unlike rename, link fails when the name is taken: the first attempt wins.
        await link(temporary, join(folder, `${name}.json`))
        return manifest
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        return acceptWinner(artifactUri, name, manifest, (await readManifest(artifactUri, name))!)
      } finally {
        await rm(temporary, { force: true })
      }
    },
    async putFile(artifactUri, file) {
      const sha256 = await sha256OfFile(file.localPath)
      const folder = fileURLToPath(artifactUri)
      const name = fileName(file, sha256)
      const temporary = await temporaryPath(folder)
      await copyFile(file.localPath, temporary, constants.COPYFILE_FICLONE)
      await flushToDisk(temporary)
      await rename(temporary, join(folder, name))
      const bytes = (await sizeOfFile(join(folder, name)))!
      return { role: file.role, shard: file.shard, name, bytes, sha256, ...(file.rows ? { rows: file.rows } : {}) }
    },
    async fetchFile(artifactUri, file) {
      const path = join(fileURLToPath(artifactUri), file.name)
      if ((await sizeOfFile(path)) === undefined) throw fileMissing(artifactUri, file)
      await checkFile(path, file, artifactUri)
      return path
    },
    async removeArtifacts(prefix, keptPrefix) {
      const kept = join(rootFolder, keptPrefix)
      const entries = await readdir(join(rootFolder, prefix), { recursive: true, withFileTypes: true }).catch(
        ignoreAbsent,
      )
      for (const entry of entries ?? []) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile() && !path.startsWith(kept)) await rm(path, { force: true })
      }
    },
    openScratch: (label) => openScratch(scratchFolder, label),
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function temporaryPath(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return join(folder, `.${randomUUID()}.tmp`)
}
