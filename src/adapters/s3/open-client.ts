import { S3Client } from '@aws-sdk/client-s3'

const CONNECT_TIMEOUT_MS = 10_000
/** A connection on which nothing comes or goes for this long is taken for dead. */
const STALL_TIMEOUT_MS = 60_000

/** Where a bucket is, as `BucketOptions` has it. */
interface ServerOptions {
  readonly endpoint?: string
  readonly region?: string
  readonly pathStyle?: boolean
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Connects with the first request. */
export function openClient(options: ServerOptions, { maxAttempts }: { readonly maxAttempts?: number } = {}): S3Client {
  return new S3Client({
    // Other servers than AWS seldom have a DNS name for each bucket.
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
    ...(options.region ? { region: options.region } : {}),
    ...(options.credentials ? { credentials: { ...options.credentials } } : {}),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: STALL_TIMEOUT_MS },
  })
}
