import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { RemotePlace } from '../../ports/artifact-place.ts'
import type { ArtifactStore } from '../../ports/artifact-store.ts'
import { artifactFileUri } from '../../run/artifact-files.ts'
import { findSuccessor, keepArtifacts } from './artifact-store.ts'
import { markUsed, type Cache } from './cache.ts'
import { checkFile, fileChanged, fileMissing, sizeOfFile } from './local-files.ts'

export interface RemoteStoreOptions {
  readonly place: RemotePlace
  /** Fetched files, by content; the engine must be allowed to read it. */
  readonly cache: Cache
  readonly scratchFolder: string
}

/** Artifacts that lie elsewhere; what is read of them stays on the worker's disk for a while. */
export function makeRemoteStore({ place, cache, scratchFolder }: RemoteStoreOptions): ArtifactStore {
  const root = resolve(cache.folder)
  const kept = keepArtifacts(place, scratchFolder)
  return {
    ...kept,
    async fetchFile(artifactUri, file) {
      const folder = join(root, file.sha256.slice(0, 2))
      const path = join(folder, `${file.sha256}${extname(file.name)}`)
      if ((await sizeOfFile(path)) === file.bytes) {
        await checkFile(path, file, artifactUri)
        await markUsed(path)
        return path
      }
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.${randomUUID()}.tmp`)
      try {
        const came = await place.fetchFile(artifactFileUri(artifactUri, file.name), temporary)
        if (!came) {
          const successor = await findSuccessor(kept, artifactUri, file)
          if (successor) return await this.fetchFile(artifactUri, successor)
          throw fileMissing(artifactUri, file)
        }
        if (came.sha256 !== file.sha256)
          throw fileChanged(artifactUri, file, `${came.bytes} bytes and SHA-256 ${came.sha256}`)
        await rename(temporary, path)
      } finally {
        await rm(temporary, { force: true })
      }
      await cache.added(file.bytes)
      return path
    },
  }
}
