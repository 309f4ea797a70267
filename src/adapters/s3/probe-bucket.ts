import { randomUUID } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { BucketOptions } from './bucket.ts'
import { openClient } from './open-client.ts'
import { isTaken, toS3Failure } from './s3-failure.ts'

/** What a bucket does with objects, tried on one of our own that is removed afterwards. */
export interface BucketTraits {
  /** `If-None-Match: *` refuses to write over an object that is there. */
  readonly refusesSecond: boolean
  /** `If-Match` refuses to write over another version than the one named. */
  readonly refusesStale: boolean
  /** Bytes that are not those of their checksum are refused. */
  readonly checksChecksums: boolean
  /** Null: the server does not say. */
  readonly keepsVersions: boolean | null
  /** How long objects cannot be removed by default, as `30 days, COMPLIANCE`; `true`: locks may be set on objects; null: no lock. */
  readonly lock: string | true | null
}

/** Of another text than the probe's. */
const WRONG_CHECKSUM = Buffer.alloc(32, 1).toString('base64')
const STALE_ETAG = '"00000000000000000000000000000000"'

/**
 * @param folder where the probe object is put, ends with a slash
 * @throws ConnectionFailed, PermissionDenied
 */
export async function probeBucket(options: BucketOptions, folder: string, signal: AbortSignal): Promise<BucketTraits> {
  const client = openClient(options, { maxAttempts: 1 })
  const object = { Bucket: options.bucket, Key: `${folder}doctor-probe-${randomUUID()}` }
  const written: (string | undefined)[] = []
  const put = async (more: Partial<PutObjectCommandInput>): Promise<void> => {
    const { VersionId } = await client.send(new PutObjectCommand({ ...object, Body: 'probe', ...more }), {
      abortSignal: signal,
    })
    written.push(VersionId)
  }
  try {
    if (options.createBucket)
      await client.send(new CreateBucketCommand({ Bucket: options.bucket }), { abortSignal: signal }).catch(takenIsFine)
    await put({ IfNoneMatch: '*' })
    return {
      refusesSecond: await isRefused(put({ IfNoneMatch: '*' })),
      refusesStale: await isRefused(put({ IfMatch: STALE_ETAG })),
      checksChecksums: await put({ ChecksumSHA256: WRONG_CHECKSUM }).then(
        () => false,
        (error: unknown) => isAnswer(error) || rethrow(error),
      ),
      keepsVersions: await keepsVersions(client, options.bucket, signal),
      lock: await findLock(client, options.bucket, signal),
    }
  } catch (error) {
    throw toS3Failure(error, `Trying out s3://${object.Bucket}/${object.Key}`)
  } finally {
    // Each version, and what stands for all of them without versions.
    for (const VersionId of new Set(written))
      await client.send(new DeleteObjectCommand({ ...object, VersionId })).catch(() => undefined)
    client.destroy()
  }
}

async function isRefused(writing: Promise<void>): Promise<boolean> {
  return writing.then(
    () => false,
    (error: unknown) => isTaken(error) || rethrow(error),
  )
}

async function keepsVersions(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<boolean | null> {
  try {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }), { abortSignal })
    return Status === 'Enabled'
  } catch (error) {
    return isAnswer(error) ? null : rethrow(error)
  }
}

async function findLock(client: S3Client, Bucket: string, abortSignal: AbortSignal): Promise<string | true | null> {
  try {
    const { ObjectLockConfiguration: lock } = await client.send(new GetObjectLockConfigurationCommand({ Bucket }), {
      abortSignal,
    })
    if (lock?.ObjectLockEnabled !== 'Enabled') return null
    const { Days, Years, Mode } = lock.Rule?.DefaultRetention ?? {}
    const span = Days ? `${Days} days` : Years ? `${Years} years` : null
    return span === null ? true : `${span}, ${Mode ?? 'mode unknown'}`
  } catch (error) {
    return isAnswer(error) ? null : rethrow(error)
  }
}

/** The server said no, and did not merely fail to answer. */
function isAnswer(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  return status !== undefined && status >= 400 && (status < 500 || status === 501)
}

function takenIsFine(error: unknown): void {
  if (!isTaken(error)) throw error
}

function rethrow(error: unknown): never {
  throw error
}
