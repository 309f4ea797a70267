import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { makeS3Store } from '../../src/adapters/artifact-store/s3-store.ts'
import { describeArtifactStore } from './artifact-store.contract.ts'
import { useStack } from '../use-stack.ts'

const bucket = 'resegment-store-test'
const address = {
  pipeline: 'shop',
  runKey: 'shop@2026-10-01',
  revision: 1,
  stage: 'extract',
  inputDigest: '0123456789abcdef',
} as const

const connect = async () => {
  const { variables } = (await useStack()).environment
  return {
    endpoint: variables.S3_ENDPOINT!,
    region: variables.AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID!, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY! },
  }
}

describeArtifactStore('S3', async (folder) => {
  const client = new S3Client({ ...(await connect()), forcePathStyle: true })
  const cacheFolder = join(folder, 'cache')
  const scratchFolder = join(folder, 'scratch')
  const prefix = `run-${process.pid}/`
  const keyOf = (uri: string, name: string): { Bucket: string; Key: string } => ({
    Bucket: bucket,
    Key: `${uri}/${name}`.slice(`s3://${bucket}/`.length),
  })
  return {
    store: makeS3Store({ client, bucket, prefix, cacheFolder, scratchFolder, createBucket: true }),
    damage: async (uri, name) => {
      await client.send(new PutObjectCommand({ ...keyOf(uri, name), Body: 'changed lateR' }))
    },
    remove: async (uri, name) => {
      await client.send(new DeleteObjectCommand(keyOf(uri, name)))
    },
    clearCache: () => rm(cacheFolder, { recursive: true, force: true }),
  }
})

const unused = { cacheFolder: 'unused', scratchFolder: 'unused' }

it('calls a refused key a lack of permission, without printing the secret', async () => {
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'wrong-secret-value' }
  const store = makeS3Store({ ...(await connect()), credentials, bucket, ...unused })
  const failure: unknown = await store
    .readManifest(store.artifactUri('dev/', address), 'manifest')
    .catch((e: unknown) => e)
  expect(failure).toMatchObject({ type: 'PermissionDenied', recovery: 'retry' })
  expect(String(failure)).not.toContain('wrong-secret-value')
})

it('names a bucket that does not exist', async () => {
  const store = makeS3Store({ ...(await connect()), bucket: 'resegment-no-such-bucket', ...unused })
  await expect(store.readManifest(store.artifactUri('dev/', address), 'manifest')).rejects.toMatchObject({
    type: 'ConfigInvalid',
    message: expect.stringContaining('s3://resegment-no-such-bucket/') as string,
  })
})

it('calls an S3 server that does not answer a failed connection, which is tried again', async () => {
  const store = makeS3Store({
    // Port 1 is reserved and closed.
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    bucket,
    cacheFolder: 'unused',
    scratchFolder: 'unused',
  })
  await expect(store.readManifest(store.artifactUri('dev/', address), 'manifest')).rejects.toMatchObject({
    type: 'ConnectionFailed',
    retry: 'try-again',
  })
})
