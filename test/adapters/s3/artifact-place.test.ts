import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import type { Cache } from '../../../src/adapters/artifact-store/cache.ts'
import { makeRemoteStore } from '../../../src/adapters/artifact-store/remote-store.ts'
import { makeS3Place, type S3PlaceOptions } from '../../../src/adapters/s3/artifact-place.ts'
import { describeArtifactStore } from '../artifact-store.contract.ts'
import { s3Connection } from './connection.ts'

const bucket = 'resegment-store-test'
const address = {
  pipeline: 'shop',
  runKey: 'shop@2026-10-01',
  revision: 1,
  stage: 'extract',
  inputDigest: '0123456789abcdef',
} as const

describeArtifactStore('S3', async (folder) => {
  const connection = await s3Connection()
  const client = new S3Client({ ...connection, forcePathStyle: true })
  const cacheFolder = join(folder, 'cache')
  const place = makeS3Place({ ...connection, bucket, prefix: `run-${process.pid}`, createBucket: true })
  const keyOf = (uri: string, name: string): { Bucket: string; Key: string } => ({
    Bucket: bucket,
    Key: `${uri}/${name}`.slice(`s3://${bucket}/`.length),
  })
  return {
    store: makeRemoteStore({ place, cache: cacheAt(cacheFolder), scratchFolder: join(folder, 'scratch') }),
    damage: async (uri, name) => {
      await client.send(new PutObjectCommand({ ...keyOf(uri, name), Body: 'changed lateR' }))
    },
    remove: async (uri, name) => {
      await client.send(new DeleteObjectCommand(keyOf(uri, name)))
    },
    clearCache: () => rm(cacheFolder, { recursive: true, force: true }),
  }
})

/** One that nobody looks through. */
function cacheAt(folder: string): Cache {
  return { folder, added: () => Promise.resolve(), stop: () => undefined }
}

/** @returns what reading a manifest fails with */
async function failureOf(options: Partial<S3PlaceOptions>): Promise<unknown> {
  const place = makeS3Place({ ...(await s3Connection()), bucket, ...options })
  const store = makeRemoteStore({ place, cache: cacheAt('unused'), scratchFolder: 'unused' })
  try {
    return await store.readManifest(store.artifactUri('dev/', address), 'manifest').catch((error: unknown) => error)
  } finally {
    place.close()
  }
}

it('calls a refused key a lack of permission, without printing the secret', async () => {
  const failure = await failureOf({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'wrong-secret-value' } })
  expect(failure).toMatchObject({ type: 'PermissionDenied', recovery: 'retry' })
  expect(String(failure)).not.toContain('wrong-secret-value')
})

it('names a bucket that does not exist', async () => {
  expect(await failureOf({ bucket: 'resegment-no-such-bucket' })).toMatchObject({
    type: 'ConfigInvalid',
    message: expect.stringContaining('s3://resegment-no-such-bucket/') as string,
  })
})

it('calls an S3 server that does not answer a failed connection, which is tried again', async () => {
  // Port 1 is reserved and closed.
  expect(await failureOf({ endpoint: 'http://127.0.0.1:1' })).toMatchObject({
    type: 'ConnectionFailed',
    retry: 'try-again',
  })
})
