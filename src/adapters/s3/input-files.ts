import { ConnectionFailed } from '../../errors/connection-failed.ts'
import type { InputFiles } from '../../ports/input-files.ts'
import { Bucket, type BucketOptions } from './bucket.ts'

export interface S3InputFiles extends InputFiles {
  close(): void
}

/** Objects of a bucket as files of a source. */
export function makeS3InputFiles(options: BucketOptions): S3InputFiles {
  const bucket = new Bucket(options)
  return {
    uri: (key) => bucket.uri(key),
    list: (pattern, signal) => bucket.list(pattern, signal),
    async fetchToFile(file, path, signal, onProgress) {
      const fetched = await bucket.fetchToFile(file, path, { signal, onProgress })
      if (fetched?.bytes === file.bytes) return
      throw new ConnectionFailed(
        `${bucket.uri(file.key)} was ${fetched ? `replaced (${fetched.bytes} bytes instead of ${file.bytes})` : 'removed'} after it was listed.`,
        'The source is listed and read again.',
      )
    },
    close: () => bucket.close(),
  }
}
