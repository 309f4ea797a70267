// npm run bench -- score [CUSTOMERS [REPETITIONS]]: what it costs to place customers with the live model, against fitting one.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type { Attempt } from '../src/activities/attempt.ts'
import { makeClusterActivities } from '../src/activities/cluster.ts'
import { readDocument, putDocument } from '../src/activities/read-document.ts'
import { StageArtifact } from '../src/activities/stage-artifact.ts'
import { makeFileStore } from '../src/adapters/artifact-store/file-store.ts'
import { makeDuckDbEngine } from '../src/adapters/duckdb/engine.ts'
import { makeKernelPool } from '../src/kernels/kernel-pool.ts'
import { fitSettingsOf } from '../src/plan/fit-settings.ts'
import type { Pipeline } from '../src/plan/pipeline.ts'
import type { RunPlan } from '../src/plan/run-plan.ts'
import type { Services } from '../src/ports/services.ts'
import type { ArtifactRef } from '../src/run/artifact.ts'
import { clusterConfig } from '../src/stages/cluster/config.ts'
import type { ClusterModel } from '../src/stages/cluster/model.ts'
import { featureChecksConfig, featuresConfig } from '../src/stages/features/config.ts'
import { fitNumber } from '../src/stages/features/fit-number.ts'
import { measureOf, resolveFeatures } from '../src/stages/features/resolve-features.ts'
import type { ClusterSummary } from '../src/activities/cluster.ts'

const THREADS = 2
const NAMES = [
  'recency',
  'frequency',
  'monetary',
  'averageOrderValue',
  'tenure',
  'trend',
  'gapMean',
  'distinctCategories',
]
const features = featuresConfig.parse(NAMES)
const specs = resolveFeatures(features)
const featureChecks = featureChecksConfig.parse({})
const ways = ['refit', 'on drift, kept', 'score'] as const
type Way = (typeof ways)[number]

/** @returns false: there is no target */
export async function benchScore([customers = '100000', repetitions = '3']: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'resegment-bench-score-'))
  const store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
  let live: unknown = null
  const services = {
    engine: makeDuckDbEngine({ threads: THREADS }),
    kernels: makeKernelPool({ threads: THREADS }),
    codeVersion: 'bench',
    store: () => store,
    ledger: () => ({ publishedModel: () => Promise.resolve(live) }),
    reached: () => undefined,
  } as unknown as Services
  try {
    const artifact = await writeFeatures(services, folder, Number(customers))
    const first = await cluster(services, planOf('refit', 0), artifact)
    live = await published(services, first.ref)
    const seconds: Record<Way, number[]> = { refit: [], 'on drift, kept': [], score: [] }
    for (let repetition = 1; repetition <= Number(repetitions); repetition += 1)
      for (const way of ways) seconds[way].push((await cluster(services, planOf(way, repetition), artifact)).cpuSeconds)
    const least = Math.min(...seconds.refit)
    console.log(`${customers} customers × ${NAMES.length} features, stage cluster, ${THREADS} threads, CPU seconds\n`)
    for (const way of ways) {
      const sorted = seconds[way].toSorted((a, b) => a - b)
      const figures = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!].map((value) => value.toFixed(2))
      console.log(
        `${way.padEnd(16)} min ${figures[0]}, median ${figures[1]}, of a refit ${(sorted[0]! / least).toFixed(2)}`,
      )
    }
    return false
  } finally {
    await services.kernels.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Five groups that overlap, made of hashes: the same each time. */
async function writeFeatures(services: Services, folder: string, customers: number): Promise<ArtifactRef> {
  const session = await services.engine.open({ scratchPath: folder })
  try {
    const columns = NAMES.map(
      (name, i) =>
        `(md5_number_lower(id || '${name}') % 1000)::double / 250 + (n % 5) * ${(i % 3) + 1} + ((n % 5) * ${i} % 4) AS ${name}`,
    )
    const query = `SELECT CAST(md5_number_lower(id) % 256 AS INTEGER) AS bucket, id AS customer_id, ${columns.join(', ')}
      FROM (SELECT n, 'c' || n AS id FROM range(${customers}) AS t(n))`
    const written = await session.writeParquet(query, 'bucket, customer_id', join(folder, 'features.parquet'))
    const artifact = new StageArtifact(services.store({} as never), planOf('refit', 0), {
      ...{ stage: 'features', stageVersion: 1, config: {}, reads: [], shardCount: 1 },
    })
    const read = await session.columns(`${query} ORDER BY bucket, customer_id`)
    const fitted = specs.map((spec) =>
      fitNumber(read.columns[spec.column] as Float64Array, read.columns.bucket as Int32Array, spec),
    )
    const files = [
      await artifact.putFile({ role: 'rows', shard: 0, extension: '.parquet', ...written }),
      await putDocument(artifact, { scratchPath: folder } as Attempt, 'transforms', { features: fitted, dropped: [] }),
    ]
    return await artifact.commit(files, {})
  } finally {
    await session.close()
  }
}

async function cluster(
  services: Services,
  plan: RunPlan,
  artifact: ArtifactRef,
): Promise<{ readonly ref: ArtifactRef; readonly cpuSeconds: number }> {
  const act = <T>(activity: () => Promise<T>): Promise<T> =>
    new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
  const { fitClusters, placeShard, clusterCustomers } = makeClusterActivities(services)
  const before = process.cpuUsage()
  const fit = await act(() => fitClusters(plan, artifact, 1))
  await act(() => placeShard(plan, artifact, 0, 1, fit))
  const { ref } = await act(() => clusterCustomers(plan, artifact, 1, fit))
  const { user, system } = process.cpuUsage(before)
  return { ref, cpuSeconds: (user + system) / 1e6 }
}

/** The model as a publication carries it. */
async function published(services: Services, ref: ArtifactRef): Promise<unknown> {
  const store = services.store({} as never)
  const { files, summary } = (await store.readManifest(ref.uri, 'manifest'))!
  const model = await readDocument<ClusterModel>(store, ref.uri, files, 'model')
  const { sizes } = summary as unknown as ClusterSummary
  return {
    ...model,
    segmentKeys: sizes.map((_, i) => `shop-${i + 1}`),
    measures: Object.fromEntries(specs.map((spec) => [spec.column, measureOf(spec)])),
    fittedOn: { sizes, outliers: 0 },
    fittedBy: { runId: 'shop@2026-07-01~1', period: '2026-Q2', settings: fitSettingsOf(pipelineOf('always')) },
  }
}

function pipelineOf(refit: string): Pipeline {
  return { features, featureChecks, cluster: clusterConfig.parse({ refit }) } as unknown as Pipeline
}

function planOf(way: Way, revision: number): RunPlan {
  const pipeline = pipelineOf(way === 'on drift, kept' ? 'onDrift' : 'always')
  return {
    ...{
      kind: way === 'score' ? 'score' : 'refit',
      pipeline: 'shop',
      runKey: 'shop@2026-10-01',
      revision,
      options: {},
    },
    asOf: '2026-10-01T00:00:00Z',
    live: revision === 0 ? null : { publicationId: 1, modelDigest: `live-${way}` },
    definition: { target: { prefix: 'bench/' }, pipeline },
  } as unknown as RunPlan
}
