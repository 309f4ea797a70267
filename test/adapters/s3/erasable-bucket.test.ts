import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeErasableBucket, type ErasableBucket } from '../../../src/adapters/s3/erasable-bucket.ts'
import { s3Connection } from './connection.ts'
import { openVersionedS3, type VersionedS3 } from './versioned-s3.ts'

const folder = mkdtempSync(join(tmpdir(), 'resegment-erasable-'))
const local = join(folder, 'rows.parquet')
const opened: ErasableBucket[] = []
const UNABLE = 'the S3 server cannot keep versions on this disk'
let server: VersionedS3 | undefined
beforeAll(async () => {
  writeFileSync(local, 'rows')
  server = await openVersionedS3()
  if (!server) console.warn('Partly skipped: the S3 server cannot keep versions on this disk.')
})
afterAll(async () => {
  opened.forEach((bucket) => bucket.close())
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(options: Parameters<typeof makeErasableBucket>[0]): ErasableBucket {
  const bucket = makeErasableBucket(options)
  opened.push(bucket)
  return bucket
}

describe('a bucket for erasing', () => {
  it('without versions removes the one there is, and has no old ones', async () => {
    const place = open({ ...(await s3Connection()), bucket: 'erasable-plain', createBucket: true })
    await place.sendFile('s3://erasable-plain/dev/a.parquet', local)
    expect(await place.listOldVersions('dev/')).toEqual([])
    await place.removeForGood(['s3://erasable-plain/dev/a.parquet', 's3://erasable-plain/dev/never.parquet'])
    expect(await place.list('dev/')).toEqual([])
  })

  it('with versions removes all of an object, and finds what is left of objects that were removed or replaced', async ({
    skip,
  }) => {
    if (!server) return skip(UNABLE)
    const { client, connection } = server
    const bucket = { Bucket: 'versions' }
    await client.send(new CreateBucketCommand(bucket))
    await client.send(new PutBucketVersioningCommand({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    const put = (key: string, text: string) => client.send(new PutObjectCommand({ ...bucket, Key: key, Body: text }))
    await put('dev/a.parquet', 'first')
    await put('dev/a.parquet', 'second')
    await put('dev/a.parquet.other', 'a key that begins alike')
    await put('dev/gone.parquet', 'removed by somebody')
    await client.send(new DeleteObjectCommand({ ...bucket, Key: 'dev/gone.parquet' }))

    const place = open({ ...connection, bucket: 'versions' })
    const old = await place.listOldVersions('dev/')
    expect(old.map(({ uri }) => uri).sort()).toEqual(['s3://versions/dev/a.parquet', 's3://versions/dev/gone.parquet'])
    const path = join(folder, 'old')
    expect(
      await place.fetchFile(
        old.find(({ uri }) => uri.endsWith('gone.parquet'))!,
        path,
      ),
    ).toBe(true)

    await place.removeForGood(['s3://versions/dev/a.parquet'])
    await place.removeOldVersions(
      (await place.listOldVersions('dev/')).filter(({ uri }) => uri.endsWith('gone.parquet')),
    )
    const left = await client.send(new ListObjectVersionsCommand(bucket))
    expect(left.Versions?.map(({ Key }) => Key)).toEqual(['dev/a.parquet.other'])
  })

  it('that Object Lock keeps things in says which bucket, in which mode, and for how long', async ({ skip }) => {
    if (!server) return skip(UNABLE)
    const { client, connection } = server
    await client.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }))
    const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } as const
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const
    await client.send(new PutObjectLockConfigurationCommand({ Bucket: 'locked', ObjectLockConfiguration }))
    const place = open({ ...connection, bucket: 'locked' })
    await place.sendFile('s3://locked/dev/a.parquet', local)
    await expect(place.removeForGood(['s3://locked/dev/a.parquet'])).rejects.toMatchObject({
      type: 'ObjectLocked',
      message: expect.stringMatching(/^Bucket locked keeps .*COMPLIANCE, 30 days/) as string,
    })
  })
})
