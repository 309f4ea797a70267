import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
  type StorageClass,
} from '@aws-sdk/client-s3'
import { fetchObject, type FetchOptions, type SentFile } from './fetch-object.ts'
import { compileGlob } from './glob.ts'
import { isMissing, isPassing, isTaken, toS3Failure } from './s3-failure.ts'
import { sendFile } from './send-file.ts'
import { abortUpload, listUploads } from './uploads.ts'
import type { OpenUpload } from '../../ports/swept-place.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** A connection on which nothing comes or goes for this long is taken for dead. */
const STALL_TIMEOUT_MS = 60_000
/** A document that is replaced while it is read may come with the checksum of another one. */
const DOCUMENT_TRIES = 5
const REMOVED_AT_ONCE = 20

export interface BucketOptions {
  readonly bucket: string
  /** Default: the SDK's own. */
  readonly region?: string
  /** Default: AWS. */
  readonly endpoint?: string
  /** Whether the bucket's name goes into the path instead of the host. Default: with an endpoint it does. */
  readonly pathStyle?: boolean
  /** How S3 encrypts what is written. Default: as the bucket says. */
  readonly encryption?: { readonly kind: 's3' } | { readonly kind: 'kms'; readonly key?: string }
  /** Of files; documents are short, and replaced too often for the cheap ones. Default: the bucket's. */
  readonly storageClass?: string
  /** On every object. Default: none. */
  readonly tags?: Readonly<Record<string, string>>
  /** Default: the SDK's own. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Makes the bucket when it is missing: for embedded servers only. Default: false. */
  readonly createBucket?: boolean
}

export interface Document {
  readonly text: string
  readonly etag: string
}

export interface ListedObject {
  readonly key: string
  readonly bytes: number
  /** As S3 writes it, with its quotes. */
  readonly etag: string
  /** ISO 8601, UTC. */
  readonly modifiedAt: string
}

/** What resegment asks of S3. Failures are already translated. Opens no connection before it is used. */
export class Bucket {
  private readonly options: BucketOptions
  private readonly client: S3Client
  private ready: Promise<void> | undefined

  constructor(options: BucketOptions) {
    this.options = options
    this.client = new S3Client({
      // Other servers than AWS seldom have a DNS name for each bucket.
      ...(options.endpoint ? { endpoint: options.endpoint } : {}),
      forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
      ...(options.region ? { region: options.region } : {}),
      ...(options.credentials ? { credentials: { ...options.credentials } } : {}),
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: STALL_TIMEOUT_MS },
    })
  }

  uri(key: string): string {
    return `s3://${this.options.bucket}/${key}`
  }

  /** The file is read once: its fingerprint is that of the bytes that went out. */
  sendFile(key: string, localPath: string, contentType: string, signal?: AbortSignal): Promise<SentFile> {
    const { storageClass } = this.options
    return this.ask(`Writing ${this.uri(key)}`, () =>
      sendFile(
        this.client,
        {
          ...this.locate(key),
          ...this.kept(),
          ContentType: contentType,
          ...(storageClass === undefined ? {} : { StorageClass: storageClass as StorageClass }),
        },
        localPath,
        signal,
      ),
    )
  }

  /**
   * @param object with an etag: exactly that version of it
   * @returns undefined when it is not there
   * @throws ConnectionFailed also when another version is there
   */
  fetchToFile(
    object: { readonly key: string; readonly etag?: string; readonly versionId?: string },
    path: string,
    options: Omit<FetchOptions, 'etag'> = {},
  ): Promise<SentFile | undefined> {
    const { key, etag, versionId } = object
    const location = { ...this.locate(key), ...(versionId === undefined ? {} : { VersionId: versionId }) }
    return this.ask(`Reading ${this.uri(key)}`, () =>
      fetchObject(this.client, location, path, { ...options, etag }).catch(absent),
    )
  }

  readDocument(key: string): Promise<Document | undefined> {
    return this.ask(`Reading ${this.uri(key)}`, async () => {
      for (let left = DOCUMENT_TRIES - 1; ; left -= 1)
        try {
          const found = await this.client.send(new GetObjectCommand(this.locate(key))).catch(absent)
          return found && { text: await found.Body!.transformToString(), etag: found.ETag ?? '' }
        } catch (error) {
          if (left === 0 || !isPassing(error)) throw error
        }
    })
  }

  /**
   * @param replacing etag of the document it replaces; undefined: only if there is none
   * @returns false when another writer was there, or is there now
   */
  writeDocument(key: string, text: string, replacing?: string): Promise<boolean> {
    return this.ask(`Writing ${this.uri(key)}`, async () => {
      try {
        await this.client.send(
          new PutObjectCommand({
            ...this.locate(key),
            ...this.kept(),
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
    })
  }

  /** Objects whose whole key matches, by key. `*` and `?` stay within a folder, `**` does not; `[…]` is one of a set. */
  list(pattern: string, signal?: AbortSignal): Promise<readonly ListedObject[]> {
    return this.ask(`Listing ${this.uri(pattern)}`, async () => {
      const { prefix, matches } = compileGlob(pattern)
      const found: ListedObject[] = []
      const request = { Bucket: this.options.bucket, Prefix: prefix }
      for await (const page of paginateListObjectsV2({ client: this.client }, request, { abortSignal: signal }))
        for (const { Key = '', Size = 0, ETag = '', LastModified } of page.Contents ?? [])
          // A key that ends with a slash is a folder, as consoles make them.
          if (!Key.endsWith('/') && matches(Key))
            found.push({
              ...{ key: Key, bytes: Size, etag: ETag },
              modifiedAt: (LastModified ?? new Date()).toISOString(),
            })
      return found.sort((a, b) => (a.key < b.key ? -1 : 1))
    })
  }

  remove(keys: readonly string[]): Promise<void> {
    const named = keys.slice(0, 3).map((key) => this.uri(key))
    return this.ask(`Removing ${named.join(', ')}${keys.length > 3 ? ', …' : ''}`, async () => {
      for (let first = 0; first < keys.length; first += REMOVED_AT_ONCE)
        await Promise.all(
          keys
            .slice(first, first + REMOVED_AT_ONCE)
            .map((key) => this.client.send(new DeleteObjectCommand(this.locate(key)))),
        )
    })
  }

  /** Uploads in parts that neither came to an end nor were given up, of keys that begin so. */
  listUploads(prefix: string): Promise<readonly OpenUpload[]> {
    return this.ask(`Listing uploads to ${this.uri(prefix)}`, () =>
      listUploads(this.client, this.options.bucket, prefix),
    )
  }

  abortUpload(upload: OpenUpload): Promise<void> {
    return this.ask(`Giving up an upload to ${this.uri(upload.key)}`, () =>
      abortUpload(this.client, this.options.bucket, upload),
    )
  }

  /** What only one caller asks of S3. */
  request<T>(doing: string, question: (client: S3Client, bucket: string) => Promise<T>): Promise<T> {
    return this.ask(doing, () => question(this.client, this.options.bucket))
  }

  close(): void {
    this.client.destroy()
  }

  /** How every object is kept that is written here. */
  private kept(): Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'Tagging'> {
    const { encryption, tags = {} } = this.options
    return {
      ...(encryption ? { ServerSideEncryption: encryption.kind === 's3' ? 'AES256' : 'aws:kms' } : {}),
      ...(encryption?.kind === 'kms' && encryption.key !== undefined ? { SSEKMSKeyId: encryption.key } : {}),
      ...(Object.keys(tags).length > 0 ? { Tagging: new URLSearchParams(tags).toString() } : {}),
    }
  }

  private locate(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: key }
  }

  private async ask<T>(doing: string, question: () => Promise<T>): Promise<T> {
    try {
      if (this.options.createBucket) await (this.ready ??= this.createIfMissing())
      return await question()
    } catch (error) {
      throw toS3Failure(error, doing)
    }
  }

  private async createIfMissing(): Promise<void> {
    const bucket = { Bucket: this.options.bucket }
    try {
      await this.client.send(new HeadBucketCommand(bucket))
    } catch (error) {
      // Not there, or the server was not: the next request must ask again.
      this.ready = undefined
      if (!isMissing(error)) throw error
      await this.client.send(new CreateBucketCommand(bucket)).catch((failure: unknown) => {
        if (!isTaken(failure)) throw failure
      })
    }
  }
}

function absent(error: unknown): undefined {
  if (!isMissing(error)) throw error
}
