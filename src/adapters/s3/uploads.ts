import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3'
import type { OpenUpload } from '../../ports/swept-place.ts'
import { isMissing } from './s3-failure.ts'

/** Uploads in parts that are under way, or were left behind by somebody who died: their parts cost money and show in no listing. */
export async function listUploads(client: S3Client, bucket: string, prefix: string): Promise<readonly OpenUpload[]> {
  const found: OpenUpload[] = []
  let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (after) {
    const page: {
      Uploads?: { Key?: string; UploadId?: string; Initiated?: Date }[]
      IsTruncated?: boolean
      NextKeyMarker?: string
      NextUploadIdMarker?: string
    } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...after }))
    for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
      if (Key !== undefined && UploadId !== undefined)
        found.push({ key: Key, uploadId: UploadId, startedAt: (Initiated ?? new Date()).toISOString() })
    after = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined
  }
  return found
}

/** One that came to an end meanwhile is none of ours any more. */
export async function abortUpload(client: S3Client, bucket: string, { key, uploadId }: OpenUpload): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }))
  } catch (error) {
    if ((error as { name?: string }).name !== 'NoSuchUpload' && !isMissing(error)) throw error
  }
}
