import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { ObjectLocked } from '../../errors/object-locked.ts'
import { isMissing } from './s3-failure.ts'

const REMOVED_AT_ONCE = 20
/** What servers say that know nothing of a question. */
const UNKNOWN = new Set(['NotImplemented', 'MethodNotAllowed', 'VersioningNotConfigured'])
/** No lock was ever set. */
const UNLOCKED = 'ObjectLockConfigurationNotFoundError'

/** A version of an object, or the mark that it was removed. */
export interface ObjectVersion {
  readonly key: string
  readonly versionId: string
  readonly bytes: number
  /** ISO 8601, UTC. */
  readonly modifiedAt: string
  /** What readers without a version get. */
  readonly isLatest: boolean
  readonly isMark: boolean
}

/** How a bucket keeps what is removed from it. */
export interface BucketKeeping {
  /** Whether it has versions, or once had. */
  readonly keepsVersions: boolean
  /** How long Object Lock keeps every new object, such as `COMPLIANCE, 30 days`; null: no object by itself. */
  readonly lock: string | null
}

export async function readKeeping(client: S3Client, bucket: string): Promise<BucketKeeping> {
  const versioning = await client.send(new GetBucketVersioningCommand({ Bucket: bucket })).catch(unknown)
  const lock = await client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket })).catch(unknown)
  const retention = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention
  return {
    keepsVersions: versioning?.Status !== undefined,
    lock: retention
      ? `${retention.Mode ?? 'GOVERNANCE'}, ${retention.Years === undefined ? `${retention.Days ?? 0} days` : `${retention.Years} years`}`
      : null,
  }
}

/** Of keys that begin so. */
export async function listVersions(
  client: S3Client,
  bucket: string,
  prefix: string,
): Promise<readonly ObjectVersion[]> {
  const found: ObjectVersion[] = []
  let after: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
  while (after) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...after }),
    )
    const versions = (page.Versions ?? []).map((version) => ({ ...version, isMark: false }))
    const marks = (page.DeleteMarkers ?? []).map((mark) => ({ ...mark, Size: 0, isMark: true }))
    for (const one of [...versions, ...marks])
      found.push({
        key: one.Key ?? '',
        versionId: one.VersionId ?? 'null',
        bytes: one.Size ?? 0,
        modifiedAt: (one.LastModified ?? new Date()).toISOString(),
        isLatest: one.IsLatest ?? false,
        isMark: one.isMark,
      })
    after = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined
  }
  return found
}

/** @throws ObjectLocked, after all that could be removed was */
export async function removeVersions(
  client: S3Client,
  bucket: string,
  versions: readonly Pick<ObjectVersion, 'key' | 'versionId'>[],
): Promise<void> {
  const kept: { readonly key: string; readonly error: unknown }[] = []
  const remove = async ({ key, versionId }: Pick<ObjectVersion, 'key' | 'versionId'>): Promise<void> => {
    try {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }))
    } catch (error) {
      if (isMissing(error) || (error as Error).name === 'NoSuchVersion') return
      if (!isLocked(error)) throw error
      kept.push({ key, error })
    }
  }
  const objects = [...Map.groupBy(versions, ({ key }) => key).values()]
  for (let first = 0; first < objects.length; first += REMOVED_AT_ONCE)
    await Promise.all(
      objects.slice(first, first + REMOVED_AT_ONCE).map(async (ofOne) => {
        // One after the other, the oldest first: some servers lose sight of a version while they make it the latest.
        for (const version of ofOne.toReversed()) await remove(version)
      }),
    )
  if (kept.length > 0) throw await lockedBy(client, bucket, kept)
}

async function lockedBy(
  client: S3Client,
  bucket: string,
  kept: readonly { readonly key: string; readonly error: unknown }[],
): Promise<ObjectLocked> {
  const { lock } = await readKeeping(client, bucket)
  return new ObjectLocked(
    `Bucket ${bucket} keeps ${kept.length} versions of objects that have to go, s3://${bucket}/${kept[0]!.key} among others: Object Lock (${lock ?? 'a retention or legal hold of the object'}) forbids to remove them.`,
    'What readers get is without the customers already. Erase again when the retention has ended; in mode GOVERNANCE somebody with s3:BypassGovernanceRetention can lift it. Publish to a bucket without Object Lock.',
    { cause: kept[0]!.error },
  )
}

/** S3 has no code of its own for it. */
function isLocked(error: unknown): boolean {
  const { name = '', message = '' } = error as Error
  return (
    name === 'ObjectLocked' || (name === 'AccessDenied' && /object ?lock|\bWORM\b|retention|legal hold/i.test(message))
  )
}

function unknown(error: unknown): undefined {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  if (!UNKNOWN.has(name) && name !== UNLOCKED && $metadata?.httpStatusCode !== 501) throw error
}
