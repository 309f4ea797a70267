import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSweepActivities, type SweepReport } from '../../src/activities/sweep.ts'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { makeSweptFolder } from '../../src/adapters/artifact-store/swept-folder.ts'
import { Bucket } from '../../src/adapters/s3/bucket.ts'
import { makeSweptBucket, type SweptBucket } from '../../src/adapters/s3/swept-bucket.ts'
import type { SyncLedger } from '../../src/ports/activation.ts'
import type { Services, SweptPlaces } from '../../src/ports/services.ts'
import type { SweptPlace } from '../../src/ports/swept-place.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'
import { s3Connection } from '../adapters/s3/connection.ts'

const atOnce = { orphans: 0, candidates: 0, dryRuns: 0, rejects: 0, effects: 0 }
const nextYear = { orphans: 365, candidates: 365, dryRuns: 365, rejects: 365, effects: 365 }
const definition = makeDefinition({})
const { prefix } = definition.target
const ofRun = (run: string): string => `${prefix}shop/run=${run}`
const LIVE = 'shop@2026-07-01~1'
const HELD = 'shop@2026-10-01~1'
const DEAD = 'shop@2026-04-01~1'
const FAILED = 'shop@2026-04-01~2'

describe('sweep', () => {
  let target: FreshSchema
  let folder: string
  let bucket: Bucket
  let swept: SweptBucket
  let client: S3Client
  let bucketName: string

  beforeEach(async () => {
    target = await openFreshSchema()
    folder = mkdtempSync(join(tmpdir(), 'resegment-sweep-'))
    bucketName = `sweep-${randomUUID().slice(0, 8)}`
    const connection = await s3Connection()
    const options = { ...connection, bucket: bucketName, createBucket: true }
    bucket = new Bucket(options)
    swept = makeSweptBucket(options)
    client = new S3Client({ ...connection, forcePathStyle: true })
    for (const [run, state, manifest] of [
      [LIVE, 'published', bucket.uri(`${ofRun(LIVE)}/manifest.json`)],
      [HELD, 'held', null],
      [FAILED, 'failed', null],
    ] as const) {
      const [runKey, revision] = run.split('~')
      await target.query(`insert into run (run_key, revision, pipeline, kind, period, as_of, status, counts, definition_hash, seed,
        code_version, workflow_id, temporal_run_id, manifest_uri, started_at, published_at) values ('${runKey}', ${revision}, 'shop', 'refit', 'p',
        now(), '${state}', '[]', 'd', 1, 'v', 'w', 't', ${manifest === null ? 'null' : `'${manifest}'`}, now(), ${manifest === null ? 'null' : 'now()'})`)
    }
  })
  afterEach(async () => {
    bucket.close()
    swept.close()
    client.destroy()
    await target.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('removes what dead runs left in a bucket and gives up their uploads; a live and a held run stay whole', async () => {
    const kept = [LIVE, HELD].flatMap((run) => [
      `${ofRun(run)}/manifest.json`,
      `${ofRun(run)}/memberships/part-0.parquet`,
    ])
    const dead = [
      `${ofRun(DEAD)}/memberships/part-0.parquet`,
      `${ofRun(FAILED)}/manifest.json`,
      `${ofRun(FAILED)}/segments/part-0.parquet`,
    ]
    for (const key of [...kept, ...dead, `${prefix}shop/latest.json`]) await bucket.writeDocument(key, 'x')
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucketName, Key: `${ofRun(DEAD)}/large` }))
    const uploads = async () =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket: bucketName }))).Uploads?.length ?? 0
    const keys = async () => (await bucket.list('**')).map(({ key }) => key)
    const everything = [...kept, ...dead, `${prefix}shop/latest.json`].sort()
    const places = { published: swept, artifacts: makeSweptFolder(join(folder, 'none')) }

    expect(await run(places, nextYear, false)).toMatchObject({ files: 0 })
    const wouldBe = await run(places, atOnce, true)
    expect({ keys: await keys(), uploads: await uploads() }).toEqual({ keys: everything, uploads: 1 })
    const removed = await run(places, atOnce, false)
    expect({ ...removed, dryRun: true }).toEqual(wouldBe)
    expect(removed.items.map(({ kind, run: name, files }) => [kind, name, files])).toEqual([
      ['unpublished', DEAD, 1],
      ['unpublished', FAILED, 2],
      ['upload', `${ofRun(DEAD)}/large`, 1],
    ])
    expect({ keys: await keys(), uploads: await uploads() }).toEqual({
      keys: [...kept, `${prefix}shop/latest.json`].sort(),
      uploads: 0,
    })
    expect(await run(places, atOnce, false)).toMatchObject({ files: 0, items: [] })
  })

  const stores: readonly (readonly [string, () => SweptPlace, (path: string) => Promise<void>])[] = [
    ['bucket', () => swept, async (path) => void (await bucket.writeDocument(path, 'x'))],
    [
      'folder',
      () => makeSweptFolder(folder),
      async (path) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), 'x')
      },
    ],
  ]
  it.each(stores)('removes artifacts of failed and dry runs and rejected rows from a %s', async (_, placeOf, put) => {
    const artifact = `cleanse-0123456789abcdef`
    const kept = [LIVE, HELD].flatMap((name) =>
      ['manifest.json', 'rows-0-0a1b2c0a1b2c.parquet'].map((file) => `${prefix}shop/${name}/${artifact}/${file}`),
    )
    const rejects = (name: string): string => `${prefix}rejects/shop/${name}/${artifact}/rejects-0-0a1b2c0a1b2c.parquet`
    const gone = [
      rejects(LIVE),
      `${prefix}shop/${FAILED}/${artifact}/manifest.json`,
      `${prefix}dry-run/0123/7f3a/shop/${LIVE}/${artifact}/manifest.json`,
    ]
    for (const path of [...kept, rejects(HELD), ...gone]) await put(path)
    const place = placeOf()
    const { items } = await run({ artifacts: place }, atOnce, false)
    expect(items.map(({ kind }) => kind).sort()).toEqual(['candidate', 'dry-run', 'rejects'])
    const left = (await place.list(prefix)).map(({ uri }) => uri.slice(uri.indexOf(`/${prefix}`) + 1))
    expect(left.sort()).toEqual([...kept, rejects(HELD)].sort())
  })

  async function run(places: SweptPlaces, retention: typeof atOnce, dryRun: boolean): Promise<SweepReport> {
    // Ages are counted from the second in which a file was written.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const services = {
      store: () => makeFileStore({ rootFolder: folder, scratchFolder: join(folder, '..', 'scratch') }),
      ledger: () => target.ledger,
      syncLedger: () => ({ sweep: async () => 3 }) as Partial<SyncLedger> as SyncLedger,
      sweptPlaces: () => places,
      reached: () => undefined,
    } as Partial<Services> as Services
    return (await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
      makeSweepActivities(services).sweepStores,
      { definition, retention, dryRun },
    )) as SweepReport
  }
})
