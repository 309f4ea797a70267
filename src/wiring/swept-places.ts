import { fileURLToPath } from 'node:url'
import { makeSweptFolder } from '../adapters/artifact-store/swept-folder.ts'
import { makeSweptBucket, type SweptBucket } from '../adapters/s3/swept-bucket.ts'
import type { Environment } from '../config/environment.ts'
import type { Definition } from '../plan/definition.ts'
import type { SweptPlaces } from '../ports/services.ts'
import { bucketOptions } from './bucket-options.ts'
import { findS3 } from './find-connection.ts'
import { locateStore, splitStoreUri } from './locate-store.ts'

/** Where a pipeline keeps what may have to go. @param opened gets each bucket, to be closed */
export function sweptPlaces(
  environment: Environment,
  definition: Definition,
  opened: (bucket: SweptBucket) => void,
): SweptPlaces {
  const open = (...options: Parameters<typeof makeSweptBucket>): SweptBucket => {
    const bucket = makeSweptBucket(...options)
    opened(bucket)
    return bucket
  }
  const { connections, pipeline } = definition
  const { uri, ...options } = locateStore(environment, definition)
  return {
    artifacts: uri.startsWith('file:')
      ? makeSweptFolder(fileURLToPath(uri))
      : open({ ...options, ...splitStoreUri(uri) }),
    ...(pipeline.publish.s3 === undefined
      ? {}
      : { published: open(bucketOptions(environment, findS3(connections, pipeline.publish.s3))) }),
  }
}
