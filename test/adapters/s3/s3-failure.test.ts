import { expect, it } from 'vitest'
import { toS3Failure } from '../../../src/adapters/s3/s3-failure.ts'

const failureOf = (error: object): unknown => toS3Failure(error, 'Reading s3://lake/latest.json')

it.each([
  // Names and states as AWS documents them: Amazon S3 API Reference, "Error responses".
  ['a bucket in another region', { name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } }],
  ['a HEAD of a bucket in another region, which has no name', { $metadata: { httpStatusCode: 301 } }],
  ['a request signed for another region', { name: 'AuthorizationHeaderMalformed', $metadata: { httpStatusCode: 400 } }],
  ['a name that no bucket can have', { name: 'InvalidBucketName', $metadata: { httpStatusCode: 400 } }],
  ['a bucket that is not there', { name: 'NoSuchBucket', $metadata: { httpStatusCode: 404 } }],
])('fails at once on %s', (_, error) => {
  expect(failureOf(error)).toMatchObject({ type: 'ConfigInvalid', retry: 'give-up' })
})

it.each([
  ['throttling', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }],
  ['a server in trouble', { name: 'Unknown', $metadata: { httpStatusCode: 502 } }],
  ['a connection that breaks', { code: 'ECONNRESET' }],
  ['a network without a way there', { code: 'EHOSTUNREACH' }],
  ['a host whose every address refuses', new AggregateError([{ code: 'ECONNREFUSED' }])],
  ['a body that ends early', { code: 'ERR_STREAM_PREMATURE_CLOSE' }],
])('tries again after %s', (_, error) => {
  expect(failureOf(error)).toMatchObject({ type: 'ConnectionFailed', retry: 'try-again' })
})

it('gives up where S3 refuses, and says what was done', () => {
  expect(failureOf({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })).toMatchObject({
    type: 'PermissionDenied',
    message: expect.stringContaining('Reading s3://lake/latest.json') as string,
  })
})

it('leaves a failure that it does not know as it came', () => {
  const unknown = new Error('never seen')
  expect(failureOf(unknown)).toBe(unknown)
})
