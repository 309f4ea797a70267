import type { SweptPlace } from '../../ports/swept-place.ts'
import { Bucket, type BucketOptions } from './bucket.ts'

export interface SweptBucket extends SweptPlace {
  close(): void
}

/** A bucket for tidying up. Opens no connection before it is used. */
export function makeSweptBucket({
  prefix = '',
  ...options
}: BucketOptions & { readonly prefix?: string }): SweptBucket {
  const bucket = new Bucket(options)
  const root = prefix && `${prefix}/`
  return {
    async list(below) {
      const found = await bucket.list(`${root}${below}**`)
      return found.map(({ key, bytes, modifiedAt }) => ({ uri: bucket.uri(key), bytes, modifiedAt }))
    },
    async remove(uris) {
      const keys = uris.map((uri) => uri.slice(bucket.uri('').length))
      const isManifest = (key: string): boolean => key.endsWith('.json')
      // Those of a kind go at once; no file goes before the manifests are gone.
      await bucket.remove(keys.filter(isManifest))
      await bucket.remove(keys.filter((key) => !isManifest(key)))
    },
    listUploads: (below) => bucket.listUploads(`${root}${below}`),
    abortUpload: (upload) => bucket.abortUpload(upload),
    close: () => bucket.close(),
  }
}
