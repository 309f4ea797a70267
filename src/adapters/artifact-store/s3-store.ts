import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { ArtifactStore, ManifestName } from '../../ports/artifact-store.ts'
import type { ArtifactFile, Manifest } from '../../run/artifact.ts'
import { markUsed, trimCache } from './cache.ts'
import { checkFile, fileChanged, fileMissing, sha256OfFile, sizeOfFile } from './local-files.ts'
import { acceptWinner, artifactPath, fileName } from './naming.ts'
import { isMissingObject, isTaken, toStoreFailure } from './s3-errors.ts'
import { openScratch } from './scratch.ts'

const GIB = 2 ** 30

export interface S3StoreOptions {
  /** A client made elsewhere; otherwise one is made of the next three. */
  readonly client?: S3Client
  /** Default: AWS. */
  readonly endpoint?: string
  /** Default: the SDK's own. */
  readonly region?: string
  /** Default: the SDK's own. */
  readonly credentials?: S3ClientConfig['credentials']
  readonly bucket: string
  /** In front of every key; empty or ending with a slash. Default: empty. */
  readonly prefix?: string
  /** Fetched files, by content; the engine must be allowed to read it. */
  readonly cacheFolder: string
  /** Above this the files unused for longest leave the cache. Default: 20 GiB. */
  readonly cacheBytes?: number
  readonly scratchFolder: string
  /** Makes the bucket when it is missing: for embedded stores only. Default: false. */
  readonly createBucket?: boolean
}

/** Artifacts as objects of a bucket: `s3://`. */
export function makeS3Store(options: S3StoreOptions): ArtifactStore {
  return new S3Store(options)
}

class S3Store implements ArtifactStore {
  private readonly options: S3StoreOptions
  private readonly client: S3Client
  private readonly cacheFolder: string
  private ready: Promise<void> | undefined

  constructor(options: S3StoreOptions) {
    this.options = options
    this.cacheFolder = resolve(options.cacheFolder)
    this.client =
      options.client ??
      new S3Client({
        // Other servers than AWS seldom have a DNS name for each bucket.
        ...(options.endpoint ? { endpoint: options.endpoint, forcePathStyle: true } : {}),
        ...(options.region ? { region: options.region } : {}),
        ...(options.credentials ? { credentials: options.credentials } : {}),
      })
  }

  artifactUri(...[targetPrefix, address]: Parameters<ArtifactStore['artifactUri']>): string {
    return `s3://${this.options.bucket}/${this.options.prefix ?? ''}${artifactPath(targetPrefix, address)}`
  }

  async readManifest(artifactUri: string, name: ManifestName): Promise<Manifest | undefined> {
    const uri = `${artifactUri}/${name}.json`
    return this.ask(`Reading ${uri}`, async () => {
      try {
        const { Body } = await this.client.send(new GetObjectCommand(this.locate(uri)))
        return JSON.parse(await Body!.transformToString()) as Manifest
      } catch (error) {
        if (isMissingObject(error)) return undefined
        throw error
      }
    })
  }

  async commitManifest(artifactUri: string, name: ManifestName, manifest: Manifest): Promise<Manifest> {
    const uri = `${artifactUri}/${name}.json`
    const committed = await this.ask(`Writing ${uri}`, async () => {
      try {
        await this.client.send(
          new PutObjectCommand({
            ...this.locate(uri),
            Body: `${JSON.stringify(manifest, null, 1)}\n`,
            ContentType: 'application/json',
            IfNoneMatch: '*',
          }),
        )
        return true
      } catch (error) {
        if (isTaken(error)) return false
        throw error
      }
    })
    if (committed) return manifest
    const winner = await this.readManifest(artifactUri, name)
    // 409: a rival write was under way and came to nothing, so there is no winner yet.
    return winner ? acceptWinner(artifactUri, name, manifest, winner) : this.commitManifest(artifactUri, name, manifest)
  }

  async putFile(...[artifactUri, file]: Parameters<ArtifactStore['putFile']>): Promise<ArtifactFile> {
    const sha256 = await sha256OfFile(file.localPath)
    const bytes = (await sizeOfFile(file.localPath))!
    const name = fileName(file, sha256)
    const uri = `${artifactUri}/${name}`
    await this.ask(`Writing ${uri}`, () =>
      new Upload({
        client: this.client,
        params: { ...this.locate(uri), Body: createReadStream(file.localPath), ChecksumAlgorithm: 'SHA256' },
      }).done(),
    )
    return { role: file.role, shard: file.shard, name, bytes, sha256, ...(file.rows ? { rows: file.rows } : {}) }
  }

  async fetchFile(artifactUri: string, file: ArtifactFile): Promise<string> {
    const folder = join(this.cacheFolder, file.sha256.slice(0, 2))
    const path = join(folder, `${file.sha256}${extname(file.name)}`)
    if ((await sizeOfFile(path)) === file.bytes) {
      await checkFile(path, file, artifactUri)
      await markUsed(path)
      return path
    }
    await mkdir(folder, { recursive: true })
    const temporary = join(folder, `.${randomUUID()}.tmp`)
    try {
      await this.download(artifactUri, file, temporary)
      await rename(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
    await trimCache(this.cacheFolder, this.options.cacheBytes ?? 20 * GIB)
    return path
  }

  async removeArtifacts(...[prefix, keptPrefix]: Parameters<ArtifactStore['removeArtifacts']>): Promise<void> {
    const { bucket: Bucket, prefix: root = '' } = this.options
    await this.ask(`Removing s3://${Bucket}/${root}${prefix}`, async () => {
      const pages = paginateListObjectsV2({ client: this.client }, { Bucket, Prefix: root + prefix })
      for await (const { Contents = [] } of pages) {
        const keys = Contents.map(({ Key = '' }) => Key).filter((key) => !key.startsWith(root + keptPrefix))
        await Promise.all(keys.map((Key) => this.client.send(new DeleteObjectCommand({ Bucket, Key }))))
      }
    })
  }

  openScratch(label: string): ReturnType<ArtifactStore['openScratch']> {
    return openScratch(this.options.scratchFolder, label)
  }

  /** Hashes while the bytes arrive, so that a file is read once. */
  private async download(artifactUri: string, file: ArtifactFile, path: string): Promise<void> {
    const uri = `${artifactUri}/${file.name}`
    const hash = createHash('sha256')
    let bytes = 0
    await this.ask(`Reading ${uri}`, async () => {
      try {
        const { Body } = await this.client.send(new GetObjectCommand(this.locate(uri)))
        await pipeline(
          Body as Readable,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              hash.update(chunk)
              bytes += chunk.length
              yield chunk
            }
          },
          createWriteStream(path),
        )
      } catch (error) {
        if (isMissingObject(error)) throw fileMissing(artifactUri, file)
        throw error
      }
    })
    const sha256 = hash.digest('hex')
    if (sha256 !== file.sha256) throw fileChanged(artifactUri, file, `${bytes} bytes and SHA-256 ${sha256}`)
  }

  private locate(uri: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: uri.slice(`s3://${this.options.bucket}/`.length) }
  }

  private async ask<T>(doing: string, request: () => Promise<T>): Promise<T> {
    try {
      if (this.options.createBucket) await (this.ready ??= this.makeBucket())
      return await request()
    } catch (error) {
      throw toStoreFailure(error, doing)
    }
  }

  private async makeBucket(): Promise<void> {
    const bucket = { Bucket: this.options.bucket }
    try {
      await this.client.send(new HeadBucketCommand(bucket))
    } catch (error) {
      // Not there, or the server was not: the next request must ask again.
      this.ready = undefined
      if (!isMissingObject(error)) throw error
      await this.client.send(new CreateBucketCommand(bucket)).catch((failure: unknown) => {
        if (!isTaken(failure)) throw failure
      })
    }
  }
}
