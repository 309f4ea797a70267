import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { PermissionDenied } from '../../errors/permission-denied.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'

const refused = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'CredentialsProviderError',
  'XAdminUserNotFound',
])
/** A request that S3 will never accept, whatever the time. */
const wrong = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'InvalidBucketName',
  'IllegalLocationConstraintException',
])
const passing = new Set(['SlowDown', 'TimeoutError', 'RequestTimeout', 'ThrottlingException', 'InternalError'])
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT'])

interface ServiceError {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** By name: versitygw answers 404 for an unknown access key too. */
export function isMissing(error: unknown): boolean {
  const { name } = error as ServiceError
  return name === 'NoSuchKey' || name === 'NotFound'
}

/** A conditional write found another state than the one it was made for. */
export function isTaken(error: unknown): boolean {
  const status = (error as ServiceError).$metadata?.httpStatusCode
  return status === 412 || status === 409
}

/** Translates what the SDK says into failures that carry a remedy; what it does not know it returns as it came. */
export function toObjectsFailure(error: unknown, bucket: string): unknown {
  if (error instanceof ResegmentError) return error
  const { name = '', code = '', message = '', $metadata } = error as ServiceError
  const status = $metadata?.httpStatusCode ?? 0
  const said = `${code || name || status}${message ? `: ${message}` : ''}`
  if (name === 'NoSuchBucket')
    return new ConfigInvalid(
      `Bucket ${bucket} of publish.s3 does not exist.`,
      'Create it, or correct the bucket of the s3 connection.',
      { cause: error },
    )
  if (wrong.has(name) || status === 301)
    return new ConfigInvalid(
      `S3 cannot be asked for bucket ${bucket} like this (${said}).`,
      'Correct name and region of the s3 connection of publish.s3.',
      { cause: error },
    )
  if (refused.has(name) || status === 401 || status === 403)
    return new PermissionDenied(
      `S3 refused to publish to bucket ${bucket} (${said}).`,
      "Check the worker's AWS credentials and their rights to read and write in this bucket.",
      { cause: error },
    )
  if (passing.has(name) || network.has(code) || network.has(name) || status === 429 || status >= 500)
    return new ConnectionFailed(
      `S3 with bucket ${bucket} cannot be reached or broke off (${said}).`,
      'See S3_ENDPOINT and the network between worker and S3; the run goes on by itself.',
      { cause: error },
    )
  return error
}
