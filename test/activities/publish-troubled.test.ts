import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { putOut } from '../../src/activities/put-out.ts'
import { makeS3Objects } from '../../src/adapters/s3/object-destination.ts'
import type { LatestRun, RunManifest } from '../../src/adapters/s3/run-manifest.ts'
import { ResegmentError } from '../../src/errors/resegment-error.ts'
import type { Publication } from '../../src/ports/destination.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import { s3Connection } from '../adapters/s3/connection.ts'
import { makeCandidate, openSession } from '../adapters/warehouse/candidate.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { openTroubledS3, type Trouble } from './troubled-s3.ts'

/** What writing a run asks of S3, each once or more. */
const steps: readonly (readonly [string, RegExp, readonly Trouble[]])[] = [
  ['looking for a manifest', /^GET .*\/manifest\.json/, ['throttled', 'forbidden', 'truncated']],
  ['sending a file', /^PUT .*\/segments\/part-/, ['broken', 'forbidden', 'truncated', 'slow']],
  ['verifying a file that S3 said nothing of', /^HEAD .*\/segments\/part-/, ['throttled', 'forbidden', 'truncated']],
  ['writing the manifest', /^PUT .*\/manifest\.json/, ['broken', 'forbidden', 'truncated']],
  ['listing the folder', /^GET .*[?&]list-type=2/, ['throttled', 'forbidden', 'truncated']],
  ['looking for latest.json', /^GET .*\/latest\.json/, ['throttled', 'forbidden', 'truncated']],
  ['moving latest.json', /^PUT .*\/latest\.json/, ['broken', 'forbidden', 'truncated', 'slow']],
]
const july = new Map([
  ['a', 'shop-1'],
  ['b', 'shop-2'],
])
const october = new Map([
  ['a', 'shop-2'],
  ['c', 'shop-1'],
])

describe('a publication whose S3 is in trouble', () => {
  const bucket = `troubled-${randomUUID().slice(0, 8)}`
  let target: FreshSchema
  let connection: Awaited<ReturnType<typeof s3Connection>>
  let client: S3Client

  beforeAll(async () => {
    target = await openFreshSchema()
    connection = await s3Connection()
    client = new S3Client({ ...connection, forcePathStyle: true })
  })
  afterAll(async () => {
    client.destroy()
    await target.close()
  })

  it.each(steps)(
    'at %s leaves consumers the old or the new one whole; tried again, it is the same as undisturbed',
    { timeout: 120_000 },
    async (step, pattern, troubles) => {
      for (const trouble of troubles) {
        const pipeline = `${trouble}_${steps.findIndex(([name]) => name === step)}`
        const first = await candidate({ pipeline, asOf: '2026-07-01T00:00:00.000Z', members: july })
        await put(first)
        const before = { runId: formatRunId(first.plan), members: july }
        const second = await candidate({ pipeline, asOf: '2026-10-01T00:00:00.000Z', members: october, before })

        const s3 = await openTroubledS3(
          connection.endpoint,
          (method, path) => (pattern.test(`${method} ${path}`) ? trouble : 'none'),
          !pattern.source.startsWith('^HEAD'),
        )
        const ended = await put(second, s3.endpoint).then(
          () => 'done',
          (error: unknown) => error,
        )
        await s3.close()
        const what = `${trouble} ${step}`
        expect(s3.happened[trouble], what).toBeGreaterThan(0)
        // Whoever must act is told by a class of ours what to do.
        if (ended !== 'done') expect(ended, what).toBeInstanceOf(ResegmentError)
        const seen = await look(pipeline)
        expect([formatRunId(first.plan), formatRunId(second.plan)], what).toContain(seen.latest)
        expect([formatRunId(first.plan), formatRunId(second.plan)], what).toContain(seen.live)
        expect(seen.sizes, what).toBe(seen.live === formatRunId(second.plan) ? 'a,c' : 'a,b')

        await put(second)
        expect(await look(pipeline), what).toEqual({
          ...{ latest: formatRunId(second.plan), live: formatRunId(second.plan), sizes: 'a,c' },
        })
        const manifest = await read(bucket, `dev/${pipeline}/run=${formatRunId(second.plan)}/manifest.json`)
        expect(manifest.toString(), what).toBe(await undisturbed(second))
      }
    },
  )

  function candidate(options: Parameters<typeof makeCandidate>[1]) {
    const digest = createHash('sha256').update(options.asOf).digest('hex')
    return makeCandidate(target, { ...options, digest })
  }

  /** One attempt, with a session and connections of its own as a worker would have. */
  async function put(publication: Publication, endpoint?: string) {
    const { session, scratchPath } = await openSession(target.scratchPath)
    const own = endpoint === undefined ? { createBucket: true } : { endpoint }
    const objects = makeS3Objects({ ...connection, bucket, ...own })
    try {
      const services = { warehouse: () => target.warehouse, ledger: () => target.ledger, objects: () => objects }
      return await putOut(services, session, publication, { scratchPath, signal: new AbortController().signal })
    } finally {
      objects.close()
      await session.close()
    }
  }

  /** What consumers of both sides see; every file that the manifest names is there, byte for byte. */
  async function look(pipeline: string) {
    const latest = JSON.parse((await read(bucket, `dev/${pipeline}/latest.json`)).toString()) as LatestRun
    const manifest = JSON.parse((await read(bucket, latest.manifest)).toString()) as RunManifest
    const folder = latest.manifest.replace(/manifest\.json$/, '')
    for (const { path, sha256 } of manifest.files)
      expect(
        createHash('sha256')
          .update(await read(bucket, folder + path))
          .digest('hex'),
      ).toBe(sha256)
    const rows = await target.query<{ run: string; ids: string }>(
      `select run_key || '~1' as run, string_agg(customer_id, ',' order by customer_id) as ids from customer_segments
      where pipeline = '${pipeline}' group by 1`,
    )
    expect(rows).toHaveLength(1)
    return { latest: formatRunId(latest), live: rows[0]!.run, sizes: rows[0]!.ids }
  }

  /** The manifest that the same candidate gets in a bucket where nothing happens. */
  async function undisturbed(publication: Publication): Promise<string> {
    const { session, scratchPath } = await openSession(target.scratchPath)
    const objects = makeS3Objects({ ...connection, bucket: `${bucket}-calm`, createBucket: true })
    const uri = await objects.writeRun(session, publication, scratchPath)
    objects.close()
    await session.close()
    return (await read(`${bucket}-calm`, uri.replace(/^s3:\/\/[^/]+\//, ''))).toString()
  }

  async function read(from: string, key: string): Promise<Buffer> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: from, Key: key }))
    return Buffer.from(await Body!.transformToByteArray())
  }
})
