import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { isMissing, isTaken, toObjectsFailure } from './s3-failure.ts'

export interface BucketOptions {
  readonly bucket: string
  /** Default: the SDK's own. */
  readonly region?: string
  /** Default: AWS. */
  readonly endpoint?: string
  /** Default: the SDK's own. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Makes the bucket when it is missing: for embedded servers only. Default: false. */
  readonly createBucket?: boolean
}

export interface SentFile {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
}

export interface Document {
  readonly text: string
  readonly etag: string
}

/** The few things publishing asks of S3. Failures are already translated. */
export interface Bucket {
  uri(key: string): string
  sendFile(key: string, localPath: string, contentType: string, signal?: AbortSignal): Promise<SentFile>
  readDocument(key: string): Promise<Document | undefined>
  /**
   * @param replacing etag of the document it replaces; undefined: only if there is none
   * @returns false when another writer was there
   */
  writeDocument(key: string, text: string, replacing: string | undefined): Promise<boolean>
  close(): void
}

export function openBucket(options: BucketOptions): Bucket {
  const { bucket } = options
  const client = new S3Client({
    // Other servers than AWS seldom have a DNS name for each bucket.
    ...(options.endpoint ? { endpoint: options.endpoint, forcePathStyle: true } : {}),
    ...(options.region ? { region: options.region } : {}),
    ...(options.credentials ? { credentials: { ...options.credentials } } : {}),
  })
  let ready: Promise<unknown> | undefined

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      ready ??= options.createBucket ? createIfMissing(client, bucket) : Promise.resolve()
      await ready.catch((error: unknown) => {
        ready = undefined
        throw error
      })
      return await question()
    } catch (error) {
      throw toObjectsFailure(error, bucket)
    }
  }

  return {
    uri: (key) => `s3://${bucket}/${key}`,
    sendFile: (key, localPath, contentType, signal) =>
      ask(async () => {
        const sent = await fingerprint(localPath)
        const upload = new Upload({
          client,
          params: { Bucket: bucket, Key: key, Body: createReadStream(localPath), ContentType: contentType },
        })
        const abort = (): void => void upload.abort()
        signal?.addEventListener('abort', abort, { once: true })
        try {
          signal?.throwIfAborted()
          await upload.done()
        } catch (error) {
          signal?.throwIfAborted()
          throw error
        } finally {
          signal?.removeEventListener('abort', abort)
        }
        return sent
      }),
    readDocument: (key) =>
      ask(async () => {
        try {
          const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
          return { text: await Body!.transformToString(), etag: ETag ?? '' }
        } catch (error) {
          if (isMissing(error)) return undefined
          throw error
        }
      }),
    writeDocument: (key, text, replacing) =>
      ask(async () => {
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: text,
              ContentType: 'application/json',
              ...(replacing === undefined ? { IfNoneMatch: '*' } : { IfMatch: replacing }),
            }),
          )
          return true
        } catch (error) {
          if (isTaken(error)) return false
          throw error
        }
      }),
    close: () => client.destroy(),
  }
}

async function createIfMissing(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }))
    return
  } catch (error) {
    const { name } = error as { name?: string }
    if (name !== 'NotFound' && name !== 'NoSuchBucket') throw error
  }
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  } catch (error) {
    const { name } = error as { name?: string }
    if (name !== 'BucketAlreadyOwnedByYou' && name !== 'BucketAlreadyExists') throw error
  }
}

async function fingerprint(localPath: string): Promise<SentFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(localPath)) {
    const buffer = chunk as Buffer
    hash.update(buffer)
    bytes += buffer.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
