import type { BucketOptions } from '../adapters/s3/bucket.ts'
import type { Environment } from '../config/environment.ts'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import { artifactOptions, serverOptions } from './bucket-options.ts'
import { findS3 } from './find-connection.ts'

/** RESEGMENT_STORE, else a bucket beside the published one. @throws ConfigInvalid */
export function locateStore(
  environment: Environment,
  { connections, pipeline }: Definition,
): { readonly uri: string } & Omit<BucketOptions, 'bucket'> {
  const { storeUri } = environment
  if (storeUri !== undefined && /^(s3:\/\/[^/]|file:\/\/\/)/.test(storeUri))
    return { uri: storeUri, ...serverOptions(environment) }
  if (storeUri !== undefined)
    throw new ConfigInvalid(
      `RESEGMENT_STORE is "${storeUri}".`,
      'Write it as s3://bucket/prefix, or as file:///folder for workers that share a disk.',
    )
  if (pipeline.publish.s3 === undefined)
    throw new ConfigInvalid(
      `Pipeline ${pipeline.pipeline} publishes no files to S3, so there is no bucket beside which stages could keep their output.`,
      'Set RESEGMENT_STORE for the workers: s3://bucket/prefix, or file:///folder when they share a disk.',
    )
  const options = artifactOptions(environment, findS3(connections, pipeline.publish.s3))
  return { ...options, uri: `s3://${options.bucket}` }
}

/** Bucket and prefix of `s3://bucket/deep/folder/`. */
export function splitStoreUri(uri: string): { readonly bucket: string; readonly prefix: string } {
  const { hostname, pathname } = new URL(uri)
  return { bucket: hostname, prefix: pathname.replace(/^\/+|\/+$/g, '') }
}
