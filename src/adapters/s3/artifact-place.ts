import type { RemotePlace } from '../../ports/artifact-place.ts'
import { Bucket, type BucketOptions } from './bucket.ts'
import { contentTypeOf } from './content-type.ts'

export interface S3PlaceOptions extends BucketOptions {
  /** In front of every key; no slash at either end. Default: empty. */
  readonly prefix?: string
}

export interface S3Place extends RemotePlace {
  close(): void
}

/** Artifacts as objects of a bucket: `s3://`. */
export function makeS3Place({ prefix = '', ...options }: S3PlaceOptions): S3Place {
  const bucket = new Bucket(options)
  const keyOf = (uri: string): string => uri.slice(bucket.uri('').length)
  return {
    rootUri: bucket.uri(prefix).replace(/\/$/, ''),
    readDocument: async (uri) => (await bucket.readDocument(keyOf(uri)))?.text,
    createDocument: (uri, text) => bucket.writeDocument(keyOf(uri), text),
    async sendFile(uri, localPath) {
      await bucket.sendFile(keyOf(uri), localPath, contentTypeOf(uri))
    },
    fetchFile: (uri, path) => bucket.fetchToFile({ key: keyOf(uri) }, path),
    async remove(removed, kept) {
      const root = prefix && `${prefix}/`
      const found = await bucket.list(`${root}${removed}**`)
      await bucket.remove(found.map(({ key }) => key).filter((key) => !key.startsWith(root + kept)))
    },
    close: () => bucket.close(),
  }
}
