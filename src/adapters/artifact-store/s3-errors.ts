import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ConnectionFailed } from '../../errors/connection-failed.ts'
import { PermissionDenied } from '../../errors/permission-denied.ts'

const deniedNames = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'CredentialsProviderError',
  'XAdminUserNotFound',
])
const transientNames = new Set(['SlowDown', 'TimeoutError', 'RequestTimeout', 'ThrottlingException', 'InternalError'])
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
])

interface ServiceError {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/** @returns true for an object that is not there (the bucket is) */
export function isMissingObject(error: unknown): boolean {
  // By name, not by status: versitygw answers 404 for an unknown access key too.
  const { name } = error as ServiceError
  return name === 'NoSuchKey' || name === 'NotFound'
}

/** @returns true when a conditional write found the key taken, or lost a race for it */
export function isTaken(error: unknown): boolean {
  const status = (error as ServiceError).$metadata?.httpStatusCode
  return status === 412 || status === 409
}

/** Our failure for one of the SDK's; anything unknown as it came. */
export function toStoreFailure(error: unknown, doing: string): unknown {
  const { name = '', code = '', message = '', $metadata } = error as ServiceError
  const status = $metadata?.httpStatusCode ?? 0
  if (name === 'NoSuchBucket')
    return new ConfigInvalid(
      `${doing}: the bucket does not exist.`,
      'Create the bucket, or correct the s3 connection or RESEGMENT_STORE.',
      { cause: error },
    )
  if (deniedNames.has(name) || status === 401 || status === 403)
    return new PermissionDenied(
      `${doing}: S3 refused it (${name || status}: ${message}).`,
      'Check the AWS credentials of the worker and their rights to read, write and list in this bucket.',
      { cause: error },
    )
  if (
    transientNames.has(name) ||
    transientCodes.has(code) ||
    transientCodes.has(name) ||
    status === 429 ||
    status >= 500
  )
    return new ConnectionFailed(
      `${doing}: S3 could not be reached (${code || name || status}${message ? `: ${message}` : ''}).`,
      'It is tried again. If it goes on, check S3_ENDPOINT and the network between worker and store.',
      { cause: error },
    )
  return error
}
