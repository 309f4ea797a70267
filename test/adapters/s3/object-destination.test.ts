import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionFailed } from '../../../src/errors/connection-failed.ts'
import { PublishConflict } from '../../../src/errors/publish-conflict.ts'
import { makeS3Objects, type S3Objects } from '../../../src/adapters/s3/object-destination.ts'
import type { RunManifest } from '../../../src/adapters/s3/run-manifest.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { makeCandidate, openSession } from '../warehouse/candidate.ts'
import { s3Connection } from './connection.ts'

const july = '2026-07-01T00:00:00.000Z'
const before = { runId: 'shop@2026-04-01~1', members: new Map([['a', 'shop-2']]) }
const JULY_RUN = 'dev/shop/run=shop@2026-07-01~1'
const members = new Map([
  ['a', 'shop-1'],
  ['b', 'shop-2!'],
  ['c', 'shop-2'],
])

describe('objects of a run', () => {
  let bucket: string
  let client: S3Client
  let objects: S3Objects
  let session: ComputeSession
  let scratchPath: string
  let options: Parameters<typeof makeS3Objects>[0]

  beforeEach(async () => {
    const server = await s3Connection()
    bucket = `segments-${randomUUID().slice(0, 8)}`
    client = new S3Client({ ...server, forcePathStyle: true })
    options = { ...server, bucket, createBucket: true }
    objects = makeS3Objects(options)
    ;({ session, scratchPath } = await openSession())
  })
  afterEach(async () => {
    await session.close()
    objects.close()
    client.destroy()
    await rm(scratchPath, { recursive: true, force: true })
  })

  it('are no run when the run is cancelled meanwhile: no manifest names them', async () => {
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members, before })
    const cancelled = AbortSignal.abort(new Error('cancelled'))
    await expect(objects.writeRun(session, publication, scratchPath, cancelled)).rejects.toThrow('cancelled')
    expect(await keys()).toEqual([])
  })

  it('are tried again when another writer of the manifest neither lets us nor finishes', async () => {
    const server = createServer((request, response) => {
      const [status, code] =
        request.method === 'GET'
          ? [404, 'NoSuchKey']
          : request.headers['if-none-match']
            ? [409, 'ConditionalRequestConflict']
            : [200, '']
      request.resume().on('end', () => response.writeHead(status).end(code && `<Error><Code>${code}</Code></Error>`))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const busy = makeS3Objects({ ...options, endpoint, createBucket: false })
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members, before })
    await expect(busy.writeRun(session, publication, scratchPath)).rejects.toBeInstanceOf(ConnectionFailed)
    busy.close()
    server.close()
  })

  it('are listed by a manifest, whose files have the bytes and rows it says', async () => {
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members, shards: 2, before })
    const uri = await objects.writeRun(session, publication, scratchPath)
    expect(uri).toBe(`s3://${bucket}/${JULY_RUN}/manifest.json`)
    const manifest = JSON.parse((await read(`${JULY_RUN}/manifest.json`)).toString()) as RunManifest
    expect(manifest).toMatchObject({ runKey: 'shop@2026-07-01', revision: 1, customers: 3, digest: publication.digest })
    const digestStart = publication.digest.slice(0, 12)
    expect(manifest.files.map((file) => file.path)).toEqual([
      `memberships/part-00000-${digestStart}.parquet`,
      `memberships/part-00001-${digestStart}.parquet`,
      `reasons/part-00000-${digestStart}.parquet`,
      `reasons/part-00001-${digestStart}.parquet`,
      `segments/part-00000-${digestStart}.parquet`,
      `profiles/part-00000-${digestStart}.parquet`,
      `transitions/part-00000-${digestStart}.parquet`,
      `checks/part-00000-${digestStart}.parquet`,
    ])
    expect(await keys()).toEqual(
      [...manifest.files.map((file) => file.path), 'manifest.json'].map((path) => `${JULY_RUN}/${path}`).sort(),
    )
    const local: string[] = []
    for (const [index, file] of manifest.files.entries()) {
      const bytes = await read(`${JULY_RUN}/${file.path}`)
      expect({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({
        bytes: file.bytes,
        sha256: file.sha256,
      })
      local.push(join(scratchPath, `fetched-${index}.parquet`))
      await writeFile(local[index]!, bytes)
    }
    expect(
      await session.rows(`SELECT * EXCLUDE (as_of), CAST(as_of AS VARCHAR) AS seen_from
        FROM read_parquet(['${local[0]}', '${local[1]}']) ORDER BY customer_id LIMIT 1`),
    ).toEqual([
      {
        pipeline: 'shop',
        customer_id: 'a',
        segment_key: 'shop-1',
        segment_name: 'Name of shop-1',
        layer: 'cluster',
        confidence: 0.5,
        distance: null,
        next_segment_key: null,
        is_outlier: false,
        is_holdout: false,
        move_reason: 'behaviour',
        period: '2026-07',
        run_key: 'shop@2026-07-01',
        seen_from: '2026-07-01 00:00:00+00',
      },
    ])
    expect(await session.rows(`SELECT segment_key, customers FROM read_parquet('${local[4]}')`)).toEqual([
      { segment_key: 'shop-1', customers: 1 },
      { segment_key: 'shop-2', customers: 2 },
    ])
    expect(
      await session.rows(`SELECT from_segment_key, customers FROM read_parquet('${local[6]}') ORDER BY 1 NULLS LAST`),
    ).toEqual([
      { from_segment_key: 'shop-2', customers: 1 },
      { from_segment_key: null, customers: 2 },
    ])
  })

  it('are the same when a second attempt writes them, and never replaced by others', async () => {
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members })
    const [first, second] = await Promise.all([openSession(scratchPath), openSession(scratchPath)])
    const uris = await Promise.all(
      [first, second].map((attempt) => objects.writeRun(attempt.session, publication, attempt.scratchPath)),
    )
    expect(uris[0]).toBe(uris[1])
    const manifest = await read(`${JULY_RUN}/manifest.json`)
    expect(await objects.writeRun(session, publication, scratchPath)).toBe(uris[0])
    await expect(objects.writeRun(session, { ...publication, digest: 'another' }, scratchPath)).rejects.toBeInstanceOf(
      PublishConflict,
    )
    expect(await read(`${JULY_RUN}/manifest.json`)).toEqual(manifest)
    await Promise.all(
      [first, second].map(async (attempt) => {
        await attempt.session.close()
        await rm(attempt.scratchPath, { recursive: true, force: true })
      }),
    )
  })

  it('never mix with those of another result of the same revision: one result wins, and only its files stay', async () => {
    const results = await Promise.all(
      ['one', 'other'].map(async (text) => {
        const attempt = await openSession(scratchPath)
        const digest = createHash('sha256').update(text).digest('hex')
        const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members, shards: 2, digest })
        const outcome = await objects
          .writeRun(attempt.session, publication, attempt.scratchPath)
          .catch((error: unknown) => error)
        await attempt.session.close()
        return { digest, outcome }
      }),
    )
    const manifest = JSON.parse((await read(`${JULY_RUN}/manifest.json`)).toString()) as RunManifest
    const loser = results.find(({ digest }) => digest !== manifest.digest)!
    expect(loser.outcome).toBeInstanceOf(PublishConflict)
    expect(await keys()).toEqual(
      [...manifest.files.map(({ path }) => path), 'manifest.json'].map((path) => `${JULY_RUN}/${path}`).sort(),
    )
    for (const file of manifest.files)
      expect(
        createHash('sha256')
          .update(await read(`${JULY_RUN}/${file.path}`))
          .digest('hex'),
      ).toBe(file.sha256)
  })

  it('replace what a killed attempt of another result left, and nothing that is not ours', async () => {
    const put = (path: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: `${JULY_RUN}/${path}`, Body: 'x' }))
    const digest = 'c0ffee'.repeat(8)
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members, digest })
    await objects.writeRun(session, publication, scratchPath)
    const ours = await keys()
    for (const path of [
      'memberships/part-00007-0123456789ab.parquet',
      'segments/part-00000-0123456789ab.parquet',
      'notes.parquet',
    ])
      await put(path)
    await objects.writeRun(session, publication, scratchPath)
    expect(await keys()).toEqual([...ours, `${JULY_RUN}/notes.parquet`].sort())
  })

  it('fail with a remedy when the bucket is missing, the key refused or the server away', async () => {
    const publication = await makeCandidate({ session, scratchPath }, { asOf: july, members })
    const failureOf = async (changed: Partial<typeof options>): Promise<unknown> => {
      const broken = makeS3Objects({ ...options, createBucket: false, ...changed })
      try {
        return await broken
          .pointLatest({ ...publication.plan, digest: publication.digest, prefix: 'dev/' }, '2026')
          .catch((error: unknown) => error)
      } finally {
        broken.close()
      }
    }
    expect(await failureOf({ bucket: 'is-not-there' })).toMatchObject({ type: 'ConfigInvalid' })
    expect(await failureOf({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' } })).toMatchObject({
      type: 'PermissionDenied',
    })
    expect(await failureOf({ endpoint: 'http://127.0.0.1:1' })).toMatchObject({ type: 'ConnectionFailed' })
  })

  async function read(key: string): Promise<Buffer> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return Buffer.from(await Body!.transformToByteArray())
  }

  async function keys(): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
    return Contents.map((object) => object.Key!).sort()
  }
})
