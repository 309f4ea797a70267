import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { StageArtifact } from '../../src/activities/stage-artifact.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { Services } from '../../src/ports/services.ts'
import type { ArtifactRef, Manifest } from '../../src/run/artifact.ts'
import { source } from '../../src/stages/extract/config.ts'
import type { ExtractSummary } from '../../src/stages/extract/extract-summary.ts'

/** The real engine and file store in a folder of their own, and a raw artifact to start from. */
export interface StageBench {
  readonly services: Services
  /** Points that activities reached, in order. */
  readonly reached: string[]
  run<T>(activity: () => Promise<T>): Promise<T>
  /** Commits rows of relation SQL (columns customer_id … type_faults) as a raw artifact, with those of other file roles. */
  commitRaw(
    plan: RunPlan,
    rows: string,
    shardCount: number,
    others?: Readonly<Record<string, string>>,
  ): Promise<ArtifactRef>
  manifest(ref: ArtifactRef): Promise<Manifest>
  /** Rows of a role of an artifact, all shards, through SQL that reads `rows`. */
  query(ref: ArtifactRef, role: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  document(ref: ArtifactRef, role: string): Promise<unknown>
  close(): Promise<void>
}

export async function openStageBench(): Promise<StageBench> {
  const folder = await mkdtemp(join(tmpdir(), 'resegment-activities-'))
  const store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
  const engine = makeDuckDbEngine({ threads: 2, readableFolders: [folder] })
  const reached: string[] = []
  const unused = (): never => {
    throw new Error('A stage before publish asked for something outside.')
  }
  const services: Services = {
    engine,
    kernels: {
      hasFastKernel: true,
      kmeans: unused,
      place: unused,
      silhouette: unused,
      silhouettes: unused,
      stability: unused,
      calculate: unused,
      close: unused,
    },
    codeVersion: 'test',
    store: () => store,
    reader: unused,
    ledger: unused,
    scheduleBook: unused,
    warehouse: unused,
    objects: unused,
    syncLedger: unused,
    effectivenessBook: unused,
    destination: unused,
    noticeChannel: unused,
    temporalUi: undefined,
    pseudonyms: () => undefined,
    sweptPlaces: unused,
    erasures: unused,
    customerStores: unused,
    reached: (point) => reached.push(point),
  }
  const manifest = async (ref: ArtifactRef): Promise<Manifest> => (await store.readManifest(ref.uri, 'manifest'))!
  return {
    services,
    reached,
    run: (activity) => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity),
    async commitRaw(plan, rows, shardCount, others = {}) {
      const artifact = new StageArtifact(store, plan, {
        stage: 'extract',
        stageVersion: 1,
        config: { rows, others },
        reads: [],
        shardCount,
      })
      const session = await engine.open({ scratchPath: folder })
      try {
        const files = []
        for (const [role, sql] of Object.entries({ rows, ...others })) {
          await session.execute(
            `create or replace table raw as
              select cast(md5_number_lower(coalesce(customer_id, '')) % 256 as integer) as bucket, * exclude (type_faults),
                '${role === 'rows' ? 'lines' : role}' as source_name, type_faults
              from (${sql})`,
          )
          const columns = (await session.rows('describe raw')).map(({ column_name }) => `"${String(column_name)}"`)
          for (let shard = 0; shard < shardCount; shard++) {
            const written = await session.writeParquet(
              `select * from raw where bucket * ${shardCount} // 256 = ${shard}`,
              ['bucket', 'customer_id', ...columns].join(', '),
              join(folder, 'raw.parquet'),
            )
            files.push(await artifact.putFile({ role, shard, extension: '.parquet', ...written }))
          }
        }
        const sources: ExtractSummary['sources'] = []
        return await artifact.commit(files, { sources })
      } finally {
        await session.close()
      }
    },
    manifest,
    async query(ref, role, sql) {
      const files = (await manifest(ref)).files.filter((file) => file.role === role)
      const paths = await Promise.all(files.map((file) => store.fetchFile(ref.uri, file)))
      const session = await engine.open({ scratchPath: folder })
      try {
        await session.execute(`create view rows as from read_parquet([${paths.map((path) => `'${path}'`).join(', ')}])`)
        return await session.rows(sql)
      } finally {
        await session.close()
      }
    },
    async document(ref, role) {
      const file = (await manifest(ref)).files.find((one) => one.role === role)!
      return JSON.parse(await readFile(join(fileURLToPath(ref.uri), file.name), 'utf8')) as unknown
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface PlanChoices {
  readonly extract?: object
  readonly cleanse?: readonly unknown[]
  readonly features?: readonly unknown[]
}

/** A plan of a pipeline with the given rules and features. */
export function planFor({
  extract = { transactions: 'lines' },
  cleanse = [],
  features = ['recency', 'frequency', 'monetary'],
}: PlanChoices): RunPlan {
  const pipeline = pipelineConfig.parse({
    pipeline: 'shop',
    extract,
    cleanse,
    features,
    publish: { warehouse: 'warehouse' },
  })
  const columns = { customer_id: 'c', occurred_at: 't', order_id: 'o', amount: 'a' }
  return {
    kind: 'refit',
    pipeline: 'shop',
    runKey: 'shop@2026-02-01',
    revision: 1,
    period: '2026-02-01',
    asOf: '2026-02-01T00:00:00Z',
    timezone: 'UTC',
    definitionHash: '',
    definition: {
      formatVersion: 1,
      targetName: 'dev',
      target: { schema: 'segmentation_dev', prefix: 'dev/', embedded: true },
      connections: {},
      sources: { lines: source.parse({ from: { file: 'lines.csv' }, columns }) },
      pipeline,
      contact: '',
      runbook: '',
      projectFolder: '/',
    },
    options: {},
    live: null,
    codeVersion: 'test',
    workflowId: 'dev/shop@2026-02-01~1',
  }
}

/**
 * Two hundred customers with one to five orders in January, some returns, duplicates and empty ids: a pure function of the row number.
 */
export const dirtyRows = `
  select case when i % 17 = 0 then null else 'c' || (i % 200) end as customer_id,
    timestamp '2026-01-01' + to_minutes((i * 37) % 40000) as occurred_at,
    case when i % 11 = 0 then 'C' else '' end || 'o' || i as order_id,
    cast(case when i % 11 = 0 then -1 else 1 end * ((i * 7919) % 10007) / 100 as decimal(18, 4)) as amount,
    case when i % 97 = 0 then 'occurred_at=''yesterday''' end as type_faults
  from (select unnest(range(1, 900)) as i union all select unnest(range(50, 60)))`
