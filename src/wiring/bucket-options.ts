import type { BucketOptions } from '../adapters/s3/bucket.ts'
import type { Environment } from '../config/environment.ts'
import type { S3Connection } from './find-connection.ts'

/** What the environment says of a bucket that no connection names. */
export function serverOptions({ s3Endpoint, s3Credentials }: Environment): Omit<BucketOptions, 'bucket'> {
  return {
    endpoint: s3Endpoint,
    credentials: s3Credentials,
    // Buckets of others are theirs to make, with their own rules.
    createBucket: s3Credentials !== undefined,
  }
}

/** A connection's bucket. Keys come from the AWS SDK's own chain; only the embedded server's are ours. */
export function bucketOptions(
  environment: Environment,
  { bucket, region, endpoint, pathStyle, encryption, storageClass, tags }: S3Connection,
): BucketOptions {
  return {
    bucket,
    region,
    // The keys of the embedded server are none of another one's.
    ...(endpoint === undefined ? serverOptions(environment) : { endpoint }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
    ...(encryption === undefined ? {} : { encryption: encryptionOf(encryption) }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(tags === undefined ? {} : { tags }),
  }
}

/** The bucket of artifacts beside a published one: as well encrypted, and where files are read again soon. */
export function artifactOptions(environment: Environment, connection: S3Connection): BucketOptions {
  const { storageClass: _ofPublished, ...options } = bucketOptions(environment, connection)
  return { ...options, bucket: `${connection.bucket}-artifacts` }
}

function encryptionOf(encryption: NonNullable<S3Connection['encryption']>): NonNullable<BucketOptions['encryption']> {
  if (encryption === 's3' || encryption === 'kms') return { kind: encryption }
  return { kind: 'kms', key: encryption.kmsKey }
}
