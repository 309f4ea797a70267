import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { ArtifactDigestMismatch } from '../../errors/artifact-digest-mismatch.ts'
import { ArtifactMissing } from '../../errors/artifact-missing.ts'
import { artifactFileUri } from '../../run/artifact-files.ts'
import type { ArtifactFile } from '../../run/artifact.ts'

const verified = new Map<string, string>()

/** Lower-case hex SHA-256 of a file's bytes. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

export async function sizeOfFile(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Waits until the bytes are on the disk: a commit must not survive a power cut that its files did not. */
export async function flushToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Hashes a file unless this process already did and it has not changed since. */
export async function checkFile(path: string, file: ArtifactFile, artifactUri: string): Promise<void> {
  const { size, mtimeMs } = await stat(path)
  const state = `${file.sha256}:${size}:${mtimeMs}`
  if (verified.get(path) === state) return
  const sha256 = size === file.bytes ? await sha256OfFile(path) : undefined
  if (sha256 !== file.sha256)
    throw fileChanged(artifactUri, file, sha256 === undefined ? `${size} bytes` : `SHA-256 ${sha256}`)
  verified.set(path, state)
}

export function fileChanged(artifactUri: string, file: ArtifactFile, found: string): ArtifactDigestMismatch {
  return new ArtifactDigestMismatch(
    `${artifactFileUri(artifactUri, file.name)} is not the file that was written: it has ${found}, the manifest says ${file.bytes} bytes and SHA-256 ${file.sha256}.`,
    'Find out who changes files in the artifact store, then start the next revision: it makes every artifact again.',
  )
}

export function fileMissing(artifactUri: string, file: ArtifactFile): ArtifactMissing {
  return new ArtifactMissing(
    `${artifactFileUri(artifactUri, file.name)} is gone from the artifact store, but its manifest is there.`,
    'Check the expiry rules of the store, then start the next revision: it makes every artifact again.',
  )
}
