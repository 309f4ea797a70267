import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type { PublicationOutput } from '../../src/activities/activities.ts'
import { makePublishActivities } from '../../src/activities/publish.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makeS3Objects } from '../../src/adapters/s3/object-destination.ts'
import { makeLedger } from '../../src/adapters/warehouse/ledger.ts'
import { makeWarehouse } from '../../src/adapters/warehouse/warehouse.ts'
import type { ArtifactStore } from '../../src/ports/artifact-store.ts'
import type { Services } from '../../src/ports/services.ts'
import type { Manifest } from '../../src/run/artifact.ts'
import type { RunPublication } from '../adapters/warehouse/candidate.ts'

/** Where a run is published to. Plain, so that another process can be told. */
export interface PublishingPlace {
  readonly connectionString: string
  readonly schema: string
  readonly s3: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
  readonly bucket: string
  /** Holds the files of candidates. */
  readonly folder: string
}

/**
 * One attempt of activity `publishSegmentation`, and the run's record after it, with connections and an engine of its own as a worker
 * would have. Temporal is well.
 */
export async function attemptPublication(
  place: PublishingPlace,
  publication: RunPublication,
): Promise<PublicationOutput> {
  const { connectionString, schema, s3, bucket, folder } = place
  const scratchPath = await mkdtemp(join(tmpdir(), 'resegment-attempt-'))
  const warehouse = makeWarehouse({ connectionString, schema })
  const ledger = makeLedger({ connectionString, schema })
  const objects = makeS3Objects({ ...s3, bucket, createBucket: true })
  const document = join(scratchPath, 'validation.json')
  await writeFile(document, JSON.stringify(publication.validation))
  // Files are known by their path.
  const files = [
    { role: 'validation', name: document },
    ...publication.rowFiles.map((name, shard) => ({ role: 'rows', shard, name })),
  ]
  const store = {
    readManifest: async () => ({ files }) as unknown as Manifest,
    fetchFile: async (_uri, file) => file.name,
    openScratch: async () => ({ path: scratchPath, close: async () => undefined }),
  } as Partial<ArtifactStore> as ArtifactStore
  const services = {
    engine: makeDuckDbEngine({ threads: 1, memoryLimit: '256MB', readableFolders: [folder] }),
    store: () => store,
    warehouse: () => warehouse,
    ledger: () => ledger,
    objects: () => objects,
    reached: () => undefined,
  } as Partial<Services> as Services
  const withAbortSignal = <T>(_signal: AbortSignal, body: () => T): T => body()
  const workflow = { start: async () => undefined }
  const { plan, digest } = publication
  const rowCount = publication.validation.customers
  try {
    const environment = new MockActivityEnvironment(
      {},
      { logger: new DefaultLogger('ERROR'), client: { workflow, withAbortSignal } as unknown as Client },
    )
    const published = (await environment.run(
      makePublishActivities(services).publishSegmentation,
      plan,
      { stage: 'validate', uri: 'validated', contentDigest: digest, rowCount } as never,
      [],
    )) as PublicationOutput
    const { seed } = plan.definition.pipeline.cluster
    const identity = { temporalRunId: publication.temporalRunId, seed, failure: null, status: null }
    await ledger.recordRun({ ...plan, ...identity, state: 'published' } as Parameters<typeof ledger.recordRun>[0])
    return published
  } finally {
    objects.close()
    await Promise.all([warehouse.close(), ledger.close()])
    await rm(scratchPath, { recursive: true, force: true })
  }
}
