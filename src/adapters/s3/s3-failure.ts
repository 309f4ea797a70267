import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ConnectionFailed, isNetworkFailure } from '../../errors/connection-failed.ts'
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
/** What a body says that ends before its length. */
const CUT_OFF = 'ERR_STREAM_PREMATURE_CLOSE'

interface ServiceError {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** An object, or a bucket asked for by HEAD, is not there. By name: versitygw answers 404 for an unknown access key too. */
export function isMissing(error: unknown): boolean {
  const { name } = error as ServiceError
  return name === 'NoSuchKey' || name === 'NotFound'
}

/** A conditional request found another state than the one it was made for, or lost a race for it. */
export function isTaken(error: unknown): boolean {
  const status = (error as ServiceError).$metadata?.httpStatusCode
  return status === 412 || status === 409
}

/** Asking again may help. */
export function isPassing(error: unknown): boolean {
  const { name = '', code = '', message = '', $metadata } = error as ServiceError
  const status = $metadata?.httpStatusCode ?? 0
  return (
    passing.has(name) ||
    code === CUT_OFF ||
    isNetworkFailure(error) ||
    status === 429 ||
    status >= 500 ||
    // The SDK compares a body with the checksum that S3 sent along, and has no class for a difference.
    message.startsWith('Checksum mismatch')
  )
}

/** A body was shorter than announced, and the connection says nothing about it. */
export function cutOff(wanted: number, came: number): Error {
  return Object.assign(new Error(`${came} of ${wanted} bytes came`), { code: CUT_OFF })
}

/**
 * Translates what the SDK says into failures that carry a remedy; what it does not know it returns as it came.
 *
 * @param doing `Reading s3://bucket/key`
 */
export function toS3Failure(error: unknown, doing: string): unknown {
  if (error instanceof ResegmentError) return error
  const { name = '', code = '', message = '', $metadata } = error as ServiceError
  const status = $metadata?.httpStatusCode ?? 0
  const said = `${code || name || status}${message ? `: ${message}` : ''}`
  if (name === 'NoSuchBucket')
    return new ConfigInvalid(
      `${doing}: the bucket does not exist.`,
      'Create the bucket, or correct the s3 connection or RESEGMENT_STORE.',
      { cause: error },
    )
  if (wrong.has(name) || status === 301)
    return new ConfigInvalid(
      `${doing}: S3 cannot be asked for this bucket like this (${said}).`,
      'Correct name and region of the bucket in the s3 connection, or RESEGMENT_STORE and AWS_REGION.',
      { cause: error },
    )
  if (refused.has(name) || status === 401 || status === 403)
    return new PermissionDenied(
      `${doing}: S3 refused it (${said}).`,
      'Check the AWS credentials of the worker and their rights to read, write and list in this bucket.',
      { cause: error },
    )
  if (isPassing(error))
    return new ConnectionFailed(
      `${doing}: S3 could not be reached or broke off (${said}).`,
      'It is tried again. If it goes on, check S3_ENDPOINT and the network between worker and S3.',
      { cause: error },
    )
  return error
}
