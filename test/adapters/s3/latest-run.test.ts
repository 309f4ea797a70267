import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeS3Objects, type S3Objects } from '../../../src/adapters/s3/object-destination.ts'
import type { LatestRun } from '../../../src/adapters/s3/run-manifest.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import type { Publication, ShownRun } from '../../../src/ports/destination.ts'
import { makeCandidate, openSession } from '../warehouse/candidate.ts'
import { s3Connection } from './connection.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const JULY_RUN = 'dev/shop/run=shop@2026-07-01~1'
const members = new Map([['a', 'shop-1']])

describe('objects of runs', () => {
  let bucket: string
  let client: S3Client
  let objects: S3Objects
  let session: ComputeSession
  let scratchPath: string

  beforeEach(async () => {
    const server = await s3Connection()
    bucket = `latest-${randomUUID().slice(0, 8)}`
    client = new S3Client({ ...server, forcePathStyle: true })
    objects = makeS3Objects({ ...server, bucket, createBucket: true })
    ;({ session, scratchPath } = await openSession())
  })
  afterEach(async () => {
    await session.close()
    objects.close()
    client.destroy()
    await rm(scratchPath, { recursive: true, force: true })
  })

  it('are named by latest.json, which never goes back to what was shown before', async () => {
    const [first, second, third] = ['000001', '000002', '000003'].map((micros) => `2026-10-02T06:00:00.${micros}Z`)
    const one = shownRun(await makeCandidate({ session, scratchPath }, { asOf: july, members }))
    const two = shownRun(await makeCandidate({ session, scratchPath }, { asOf: october, members }))
    await objects.pointLatest(one, first!)
    expect(await latest()).toMatchObject({
      runKey: 'shop@2026-07-01',
      manifest: `${JULY_RUN}/manifest.json`,
    })
    // Shown again after the other one: somebody rolled back. A late attempt of the other one changes nothing.
    await Promise.all([
      objects.pointLatest(one, third!),
      objects.pointLatest(two, second!),
      objects.pointLatest(one, first!),
    ])
    expect(await latest()).toMatchObject({ runKey: 'shop@2026-07-01', shownSince: third })
    await objects.pointLatest(two, second!)
    expect(await latest()).toMatchObject({ runKey: 'shop@2026-07-01' })
  })

  it('are found when they are there with the result that is asked for', async () => {
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members })
    const run = shownRun(publication)
    expect(await objects.hasRun(run)).toBe(false)
    await objects.writeRun(session, publication, scratchPath)
    expect(await objects.hasRun(run)).toBe(true)
    expect(await objects.hasRun({ ...run, digest: 'another' })).toBe(false)
  })

  async function latest(): Promise<LatestRun> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'dev/shop/latest.json' }))
    return JSON.parse(await Body!.transformToString()) as LatestRun
  }
})

function shownRun({ plan, digest }: Publication): ShownRun {
  return { ...plan, digest, prefix: plan.definition.target.prefix }
}
