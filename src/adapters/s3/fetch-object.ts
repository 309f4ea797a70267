import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { cutOff, isPassing, isTaken } from './s3-failure.ts'

/** The SDK asks again for an answer that fails, but not for a body that breaks off. */
const TRIES = 3

export interface SentFile {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

export interface FetchOptions {
  /** Only this version of the object. Default: the one that is there. */
  readonly etag?: string
  readonly signal?: AbortSignal
  /** Bytes that came so far; begins again when the body is asked for again. */
  readonly onProgress?: (bytesDone: number) => void
}

interface ObjectLocation {
  readonly Bucket: string
  readonly Key: string
  /** Default: the newest. */
  readonly VersionId?: string
}

/** Hashes bytes on their way, so that a file is read once. */
export class Fingerprint {
  private readonly hash = createHash('sha256')
  private bytes = 0

  async *passing(chunks: AsyncIterable<Buffer>, onProgress?: (bytesDone: number) => void): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.hash.update(chunk)
      this.bytes += chunk.length
      onProgress?.(this.bytes)
      yield chunk
    }
  }

  result(): SentFile {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') }
  }
}

/**
 * Writes an object's bytes to a file. The length is compared with the announced one, and the SDK compares the checksum that S3 keeps, if
 * any; a body that breaks off, is short or damaged is asked for again from its beginning.
 */
export async function fetchObject(
  client: S3Client,
  location: ObjectLocation,
  path: string,
  options: FetchOptions,
): Promise<SentFile> {
  for (let left = TRIES - 1; ; left -= 1)
    try {
      return await fetchOnce(client, location, path, options)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (options.etag !== undefined && isTaken(error))
        throw new ConnectionFailed(
          `s3://${location.Bucket}/${location.Key} was replaced while it was read.`,
          'It is read again; start the next revision if other files of the same source were replaced, too.',
          { cause: error },
        )
      if (left === 0 || !isPassing(error)) throw error
    }
}

async function fetchOnce(
  client: S3Client,
  location: ObjectLocation,
  path: string,
  { etag, signal, onProgress }: FetchOptions,
): Promise<SentFile> {
  const { Body, ContentLength } = await client.send(new GetObjectCommand({ ...location, IfMatch: etag }), {
    abortSignal: signal,
  })
  const fingerprint = new Fingerprint()
  await pipeline(
    Body as Readable,
    (chunks: AsyncIterable<Buffer>) => fingerprint.passing(chunks, onProgress),
    createWriteStream(path),
    { signal },
  )
  const came = fingerprint.result()
  if (ContentLength !== undefined && came.bytes !== ContentLength) throw cutOff(ContentLength, came.bytes)
  return came
}
