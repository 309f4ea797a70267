import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { makeFileStore } from '../../src/adapters/artifact-store/file-store.ts'
import { makeDuckDbEngine } from '../../src/adapters/duckdb/engine.ts'
import { putDocument } from '../../src/activities/read-document.ts'
import { StageArtifact } from '../../src/activities/stage-artifact.ts'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import { clusterConfig } from '../../src/stages/cluster/config.ts'
import { featuresConfig } from '../../src/stages/features/config.ts'
import { resolveFeatures } from '../../src/stages/features/resolve-features.ts'
import { fitCategory } from '../../src/stages/features/fit-category.ts'
import { fitNumber } from '../../src/stages/features/fit-number.ts'
import { validateConfig } from '../../src/stages/validate/config.ts'
import { EMPTY_LIVE_ALSO } from '../../src/stages/validate/sql.ts'
import type { Attempt } from '../../src/activities/attempt.ts'
import type { DataQualityRow } from '../../src/stages/cleanse/data-quality.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import type { Ledger, PublishedState } from '../../src/ports/ledger.ts'
import type { Services } from '../../src/ports/services.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'

/** Features of one customer: recency, frequency, monetary; null where unknown. With a channel, `preferredChannel` is a feature too. */
export type Customer = readonly [
  id: string,
  recency: number,
  frequency: number,
  monetary: number | null,
  channel?: string | null,
]

const features = ['recency', 'frequency', 'monetary'] as const
const BUCKET = 'CAST(md5_number_lower(customer_id) % 256 AS INTEGER)'

export interface Published {
  readonly state: PublishedState
  readonly members: Readonly<Record<string, string>>
  readonly former: readonly string[]
  readonly heldOut?: readonly string[]
  /** Members whom people placed. */
  readonly overridden?: readonly string[]
  /** Customer → retired segment, when that was live last. */
  readonly pastMembers?: Readonly<Record<string, string>>
  readonly pastModels?: Readonly<Record<number, unknown>>
}

/** The real engine, store and kernels, a ledger in memory, and artifacts of earlier stages made from plain rows. */
export class CandidateBench {
  published: Published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
  readonly folder: string
  readonly services: Services
  /** Points that activities reached. */
  readonly reached: string[] = []

  private constructor(folder: string, threads: number) {
    this.folder = folder
    const store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
    this.services = {
      engine: makeDuckDbEngine({ threads }),
      kernels: makeKernelPool({ threads }),
      codeVersion: 'test',
      store: () => store,
      ledger: () => this.ledger(),
      reached: (point) => this.reached.push(point),
    } as Partial<Services> as Services
  }

  static async open(threads = 2): Promise<CandidateBench> {
    return new CandidateBench(await mkdtemp(join(tmpdir(), 'resegment-candidate-')), threads)
  }

  async close(): Promise<void> {
    await this.services.kernels.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  run<A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> {
    return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity, ...args)
  }

  /** Commits a features artifact over shards, and a clean one that only counts. */
  async commitFeatures(plan: RunPlan, customers: readonly Customer[], shardCount: number): Promise<ArtifactRef> {
    const artifact = this.artifact(plan, 'features', {
      customers,
      shardCount,
      features: plan.definition.pipeline.features,
    })
    const requested = plan.definition.pipeline.features
    const specs = resolveFeatures(requested)
    const names = specs.map(({ column }) => column)
    const selected = specs.map(({ feature, column }) => `${feature} AS ${column}`)
    const session = await this.services.engine.open({ scratchPath: this.folder })
    try {
      await fillCustomers(session, customers)
      const files = []
      for (let shard = 0; shard < shardCount; shard++) {
        const written = await session.writeParquet(
          `SELECT bucket, ${['customer_id', ...selected].join(', ')} FROM customers WHERE bucket * ${shardCount} // 256 = ${shard}`,
          'bucket, customer_id',
          join(this.folder, `features-${shard}.parquet`),
        )
        files.push(await artifact.putFile({ role: 'rows', shard, extension: '.parquet', ...written }))
      }
      const { columns } = await session.columns('SELECT * FROM customers ORDER BY bucket, customer_id')
      const { bucket, ...values } = columns as Record<string, never>
      const fitted = {
        features: specs.map((spec) =>
          spec.type === 'category'
            ? fitCategory(countValues(values[spec.feature]!), spec)
            : fitNumber(values[spec.feature]!, bucket!, spec),
        ),
        dropped: [],
      }
      const attempt = { scratchPath: this.folder } as Attempt
      files.push(await putDocument(artifact, attempt, 'transforms', fitted))
      return await artifact.commit(files, { customers: customers.length, features: names })
    } finally {
      await session.close()
    }
  }

  async commitClean(plan: RunPlan, rowCount: number, sourceRows = { orders: rowCount + 2 }): Promise<ArtifactRef> {
    const artifact = this.artifact(plan, 'cleanse', { rowCount, sourceRows })
    const dataQuality = [
      {
        ...{ role: 'transactions', source: 'orders', rule: 'duplicates', action: 'drop' },
        ...{ matched: 2, rejected: 2, fixed: 0, rowsIn: rowCount + 2, share: 2 / (rowCount + 2) },
        ...{ column: null, nulls: null, distinct: null, minimum: null, maximum: null },
      } satisfies DataQualityRow,
    ]
    const ref = await artifact.commit([], { rowsOut: rowCount, sourceRows, dataQuality })
    return { ...ref, rowCount }
  }

  /** Rows of all files of a role, in shard order. */
  async rowsOf(ref: ArtifactRef, role: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const store = this.services.store({} as never)
    const manifest = (await store.readManifest(ref.uri, 'manifest'))!
    const session = await this.services.engine.open({
      scratchPath: this.folder,
      readablePaths: [join(this.folder, 'store')],
    })
    try {
      const rows = []
      for (const file of manifest.files.filter((one) => one.role === role)) {
        const path = await store.fetchFile(ref.uri, file)
        rows.push(
          ...(await session.rows(
            `SELECT * FROM read_parquet('${path}', file_row_number = true) ORDER BY file_row_number`,
          )),
        )
      }
      return rows
    } finally {
      await session.close()
    }
  }

  private artifact(plan: RunPlan, stage: 'features' | 'cleanse', config: unknown): StageArtifact {
    const inputs = { stage, stageVersion: 1, config, reads: [], shardCount: 1 }
    return new StageArtifact(this.services.store(plan.definition), plan, inputs)
  }

  private ledger(): Ledger {
    return {
      publishedState: () => Promise.resolve(this.published.state),
      publishedModel: (id) =>
        Promise.resolve(this.published.pastModels?.[id] ?? this.published.state.live?.model ?? null),
      loadPublished: async (session) => {
        const { members, former, heldOut = [], overridden = [], pastMembers = {} } = this.published
        await createPairs(session, 'members', members)
        await session.createTable('held', { rowCount: heldOut.length, columns: { customer_id: heldOut } })
        await session.execute(
          'CREATE TABLE live AS SELECT *, customer_id IN (SELECT customer_id FROM held) AS is_holdout FROM members',
        )
        await createPairs(session, 'past_members', pastMembers)
        await session.createTable('former', { rowCount: former.length, columns: { customer_id: former } })
        await session.execute(EMPTY_LIVE_ALSO)
        const placed = { rowCount: overridden.length, columns: { customer_id: overridden } }
        await session.createTable('live_overrides', placed)
      },
    } as Partial<Ledger> as Ledger
  }
}

async function createPairs(session: ComputeSession, name: string, of: Readonly<Record<string, string>>): Promise<void> {
  const columns = { customer_id: Object.keys(of), segment_key: Object.values(of) }
  await session.createTable(name, { rowCount: columns.customer_id.length, columns })
}

function countValues(values: readonly (string | null)[]): readonly { value: string | null; count: number }[] {
  return [...new Set(values)].map((value) => ({ value, count: values.filter((one) => one === value).length }))
}

async function fillCustomers(session: ComputeSession, customers: readonly Customer[]): Promise<void> {
  const column = (index: 1 | 2 | 3): Float64Array => Float64Array.from(customers, (customer) => customer[index] ?? NaN)
  await session.createTable('given', {
    rowCount: customers.length,
    columns: {
      customer_id: customers.map(([id]) => id),
      recency: column(1),
      frequency: column(2),
      monetary: column(3),
      preferredChannel: customers.map((customer) => customer[4] ?? null),
    },
  })
  await session.execute(`CREATE TABLE customers AS SELECT ${BUCKET} AS bucket, * FROM given`)
}

export function planOf(settings: {
  readonly features?: unknown
  readonly cluster?: unknown
  readonly validate?: unknown
  readonly runKey?: string
  readonly revision?: number
  readonly kind?: RunPlan['kind']
  readonly live?: RunPlan['live']
  readonly holdout?: RunPlan['definition']['pipeline']['publish']['holdout']
  readonly segments?: RunPlan['definition']['pipeline']['segments']
  readonly overrides?: RunPlan['definition']['pipeline']['overrides']
}): RunPlan {
  const runKey = settings.runKey ?? 'shop@2026-07-01'
  return {
    pipeline: 'shop',
    kind: settings.kind ?? 'refit',
    live: settings.live ?? null,
    runKey,
    revision: settings.revision ?? 1,
    asOf: `${runKey.slice('shop@'.length).replace('.score', '')}T00:00:00Z`,
    period: '2026-Q2',
    options: {},
    definition: {
      target: { schema: 'segmentation_dev', prefix: 'dev/', embedded: false },
      sources: { orders: { currency: 'EUR' } },
      pipeline: {
        extract: { transactions: 'orders' },
        features: featuresConfig.parse(settings.features ?? [...features]),
        cluster: clusterConfig.parse(settings.cluster ?? {}),
        validate: validateConfig.parse(settings.validate ?? {}),
        publish: { warehouse: 'warehouse', holdout: settings.holdout },
        ...{ segments: settings.segments ?? {}, overrides: settings.overrides },
      },
    },
  } as unknown as RunPlan
}
