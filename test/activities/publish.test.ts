import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CancelledFailure } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePublishActivities } from '../../src/activities/publish.ts'
import { makeRecordRunActivities } from '../../src/activities/record-run.ts'
import { StageArtifact } from '../../src/activities/stage-artifact.ts'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makeS3Objects, type S3Objects } from '../../src/adapters/s3/object-destination.ts'
import { PublishConflict } from '../../src/errors/publish-conflict.ts'
import type { ArtifactStore } from '../../src/ports/artifact-store.ts'
import type { Services } from '../../src/ports/services.ts'
import type { ArtifactFile, ArtifactRef } from '../../src/run/artifact.ts'
import { formatRunId } from '../../src/run/run-key.ts'
import { makeCandidate, type CandidateOptions, type RunPublication } from '../adapters/warehouse/candidate.ts'
import { s3Connection } from '../adapters/s3/connection.ts'
import { openFreshSchema, type FreshSchema } from '../adapters/warehouse/fresh-schema.ts'

const asOf = '2026-07-01T00:00:00.000Z'
const members = new Map([
  ['a', 'shop-1'],
  ['b', 'shop-2'],
])

describe('publishSegmentation', () => {
  let target: FreshSchema
  let folder: string
  let bucket: string
  let connection: Awaited<ReturnType<typeof s3Connection>>
  let objects: S3Objects
  let store: ArtifactStore
  let services: Services
  let reached: string[]

  beforeEach(async () => {
    target = await openFreshSchema()
    folder = await mkdtemp(join(tmpdir(), 'resegment-publish-'))
    store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
    bucket = `segments-${randomUUID().slice(0, 8)}`
    connection = await s3Connection()
    objects = makeS3Objects({ ...connection, bucket, createBucket: true })
    reached = []
    services = {
      engine: makeDuckDbEngine({ threads: 1, memoryLimit: '256MB', readableFolders: [folder] }),
      store: () => store,
      warehouse: () => target.warehouse,
      ledger: () => target.ledger,
      objects: () => objects,
      reached: (point) => reached.push(point),
    } as Partial<Services> as Services
  })
  afterEach(async () => {
    objects.close()
    await target.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('writes files, then switches, then names the run as the latest; the second time it writes nothing', async () => {
    const publication = await makeCandidate(target, { asOf, members, shards: 2 })
    const ref = await commit(publication)
    const output = await publish(publication, ref)
    expect(output).toEqual({
      counts: { stage: 'publish', rowsIn: 2, rowsOut: 2, rejected: 0 },
      manifestUri: expect.stringMatching(/^s3:\/\/segments-.*\/dev\/shop\/run=shop@2026-07-01~1\/manifest\.json$/),
      publicationId: expect.any(Number),
      seconds: expect.any(Number),
    })
    expect(reached).toEqual([
      'publishSegmentation:start',
      'publishSegmentation:before-switch',
      'publishSegmentation:after-switch',
    ])
    expect(await publish(publication, ref)).toMatchObject({
      manifestUri: output.manifestUri,
      publicationId: output.publicationId,
    })
    expect(await target.query('select customer_id, segment_key from shop_customers order by 1')).toEqual([
      { customer_id: 'a', segment_key: 'shop-1' },
      { customer_id: 'b', segment_key: 'shop-2' },
    ])
    expect(await target.query('select status, manifest_uri, temporal_run_id, counts from runs')).toEqual([
      {
        status: 'published',
        manifest_uri: output.manifestUri,
        temporal_run_id: expect.any(String),
        counts: [{ stage: 'validate', rowsIn: 2, rowsOut: 2, rejected: 0, seconds: 1 }],
      },
    ])
  })

  it('writes no file of a candidate that was compared with what is no longer live', async () => {
    const first = await makeCandidate(target, { asOf, members })
    const late = await makeCandidate(target, { asOf: '2026-10-01T00:00:00.000Z', members })
    await publish(first, await commit(first))
    let filesOfLate = 0
    const writeRun = objects.writeRun.bind(objects)
    objects.writeRun = (...args) => ((filesOfLate += 1), writeRun(...args))
    await expect(publish(late, await commit(late))).rejects.toMatchObject({
      type: 'PublishConflict',
      nonRetryable: true,
      message: expect.stringContaining('Start the next revision') as string,
    })
    expect(filesOfLate).toBe(0)
    // The one that is out may come again whatever is live.
    await publish(first, await commit(first))
  })

  it('publishes nothing of a run that was cancelled before the switch', async () => {
    const publication = await makeCandidate(target, { asOf, members })
    const ref = await commit(publication)
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
    services = {
      ...services,
      reached: (point) => {
        if (point.endsWith('before-switch')) environment.cancel()
      },
    }
    const stages = [{ stage: 'validate' as const, rowsIn: 2, rowsOut: 2, rejected: 0, seconds: 1 }]
    await expect(
      environment.run(makePublishActivities(services).publishSegmentation, publication.plan, ref, stages),
    ).rejects.toThrow(CancelledFailure)
    expect(await target.countOf('customer_segments')).toBe(0)
  })

  it('leaves nothing that latest.json names when the switch fails after the files were written', async () => {
    const first = await makeCandidate(target, { asOf, members })
    await publish(first, await commit(first))
    const live = await read('dev/shop/latest.json')
    const late = await makeCandidate(target, {
      asOf: '2026-10-01T00:00:00.000Z',
      members,
      before: { runId: formatRunId(first.plan), members },
    })
    const warehouse = {
      ...target.warehouse,
      publish: () => Promise.reject(new PublishConflict('Something else is live now.', 'Start the next revision.')),
    }
    services = { ...services, warehouse: () => warehouse }
    await expect(publish(late, await commit(late))).rejects.toMatchObject({ type: 'PublishConflict' })
    expect(await read('dev/shop/run=shop@2026-10-01~1/manifest.json')).toContain('"runKey": "shop@2026-10-01"')
    expect(await read('dev/shop/latest.json')).toBe(live)
  })

  it('refuses a validation that contradicts itself before anything is written', async () => {
    const publication = await makeCandidate(target, { asOf, members })
    const ref = await commit({ ...publication, validation: { ...publication.validation, customers: 3 } })
    await expect(publish(publication, ref)).rejects.toMatchObject({ type: 'CountsDoNotReconcile', nonRetryable: true })
    expect(await target.query('select * from publication')).toEqual([])
  })

  it('fails for good when the artifact is gone', async () => {
    const publication = await makeCandidate(target, { asOf, members })
    const ref = await commit(publication)
    await expect(publish(publication, { ...ref, uri: `${ref.uri}-gone` })).rejects.toMatchObject({
      type: 'ArtifactMissing',
      nonRetryable: true,
    })
  })

  it('leaves no trace of a dry run in the ledger, and records every other edge with its decision', async () => {
    const { plan } = await makeCandidate(target, { asOf, members } satisfies CandidateOptions)
    const { recordRun } = makeRecordRunActivities(services)
    const status = {
      temporalRunId: 'first',
      artifacts: {},
      checks: [],
      segments: [],
      stages: [],
      verdict: null,
      moved: null,
      manifestUri: null,
    }
    const edge = {
      state: 'rejected',
      status,
      failure: null,
      decision: { decision: 'reject', digest: 'x', reason: 'Too many moved.', by: 'lead' },
    } as never
    await run(recordRun, { ...plan, options: { dryRun: true } }, edge)
    expect(await target.query('select * from runs')).toEqual([])
    await run(recordRun, plan, edge)
    expect(await target.query('select run_key, event, actor, reason from run_events')).toEqual([
      { run_key: 'shop@2026-07-01', event: 'rejected', actor: 'lead', reason: 'Too many moved.' },
    ])
  })

  async function read(key: string): Promise<string> {
    const client = new S3Client({ ...connection, forcePathStyle: true })
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const text = await Body!.transformToString()
    client.destroy()
    return text
  }

  function publish(publication: RunPublication, ref: ArtifactRef) {
    const stages = [{ stage: 'validate' as const, rowsIn: 2, rowsOut: 2, rejected: 0, seconds: 1 }]
    return run(makePublishActivities(services).publishSegmentation, publication.plan, ref, stages)
  }

  async function commit({ plan, validation, rowFiles }: RunPublication): Promise<ArtifactRef> {
    const artifact = new StageArtifact(store, plan, {
      stage: 'validate',
      stageVersion: 1,
      config: null,
      reads: [],
      shardCount: rowFiles.length,
    })
    const document = join(target.scratchPath, 'validation.json')
    await writeFile(document, JSON.stringify(validation))
    const files: ArtifactFile[] = [
      await artifact.putFile({ role: 'validation', shard: null, extension: '.json', localPath: document }),
    ]
    for (const [shard, localPath] of rowFiles.entries()) {
      const rows = await target.session.rows(`SELECT count(*) AS n FROM '${localPath}'`)
      files.push(
        await artifact.putFile({
          role: 'rows',
          shard,
          extension: '.parquet',
          localPath,
          rows: { rowCount: Number(rows[0]!.n), lower: String(shard), upper: '0' },
        }),
      )
    }
    return artifact.commit(files, {})
  }
})

function run<A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> {
  const type = activity.name || 'publishSegmentation'
  return new MockActivityEnvironment({ activityType: type }, { logger: new DefaultLogger('ERROR') }).run(
    activity,
    ...args,
  )
}
