import type { ErasablePlace } from '../../ports/erasable-place.ts'
import { Bucket, type BucketOptions } from './bucket.ts'
import { contentTypeOf } from './content-type.ts'
import { listVersions, readKeeping, removeVersions, type BucketKeeping } from './object-versions.ts'
import { makeSweptBucket } from './swept-bucket.ts'

export interface ErasableBucket extends ErasablePlace {
  close(): void
}

/** A bucket for erasing. Opens no connection before it is used. */
export function makeErasableBucket({
  prefix = '',
  ...options
}: BucketOptions & { readonly prefix?: string }): ErasableBucket {
  const bucket = new Bucket(options)
  const swept = makeSweptBucket({ ...options, prefix })
  const root = prefix && `${prefix}/`
  const keyOf = (uri: string): string => uri.slice(bucket.uri('').length)
  let keeping: Promise<BucketKeeping> | undefined
  const keepsVersions = async (): Promise<boolean> => {
    keeping ??= bucket.request(`Asking how ${bucket.uri('')} keeps versions`, readKeeping)
    return (await keeping).keepsVersions
  }
  return {
    list: (below) => swept.list(below),
    listUploads: (below) => swept.listUploads(below),
    abortUpload: (upload) => swept.abortUpload(upload),
    async listOldVersions(below) {
      if (!(await keepsVersions())) return []
      const found = await bucket.request(`Listing versions of ${bucket.uri(root + below)}`, (...connected) =>
        listVersions(...connected, root + below),
      )
      return found
        .filter(({ isLatest, isMark }) => !isLatest && !isMark)
        .map(({ key, versionId, bytes, modifiedAt }) => ({ uri: bucket.uri(key), versionId, bytes, modifiedAt }))
    },
    removeOldVersions: (versions) =>
      bucket.request(`Removing old versions in ${bucket.uri('')}`, (...connected) =>
        removeVersions(
          ...connected,
          versions.map(({ uri, versionId }) => ({ key: keyOf(uri), versionId })),
        ),
      ),
    async readDocument(uri) {
      const found = await bucket.readDocument(keyOf(uri))
      return found && { text: found.text, version: found.etag }
    },
    replaceDocument: (uri, text, version) => bucket.writeDocument(keyOf(uri), text, version),
    async fetchFile({ uri, versionId }, path) {
      const object = { key: keyOf(uri), ...(versionId === undefined ? {} : { versionId }) }
      return (await bucket.fetchToFile(object, path)) !== undefined
    },
    async sendFile(uri, localPath) {
      await bucket.sendFile(keyOf(uri), localPath, contentTypeOf(uri))
    },
    async removeForGood(uris) {
      const keys = uris.map(keyOf)
      if (!(await keepsVersions())) return bucket.remove(keys)
      for (const key of keys)
        await bucket.request(`Removing all versions of ${bucket.uri(key)}`, async (...connected) => {
          const versions = await listVersions(...connected, key)
          await removeVersions(
            ...connected,
            versions.filter((version) => version.key === key),
          )
        })
    },
    close() {
      bucket.close()
      swept.close()
    },
  }
}
