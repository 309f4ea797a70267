// node bench/run-compare.ts prepare|stage|figures FOLDER CUSTOMERS REPETITION: two quarters on disk; the comparison of the second one, as a
// line of JSON. `stage` is all of stage validate; `figures` only what the script computes too.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import type { Attempt } from '../src/activities/attempt.ts'
import { makeClusterActivities } from '../src/activities/cluster.ts'
import { identifySegments } from '../src/activities/identify-segments.ts'
import { measureComparison } from '../src/activities/measure-comparison.ts'
import { fetchShards, readManifestOf } from '../src/activities/read-artifact.ts'
import { putDocument, readDocument } from '../src/activities/read-document.ts'
import { StageArtifact } from '../src/activities/stage-artifact.ts'
import { makeValidateActivities } from '../src/activities/validate.ts'
import { measuresOf } from '../src/activities/compared-state.ts'
import { makeFileStore } from '../src/adapters/artifact-store/file-store.ts'
import { makeDuckDbEngine } from '../src/adapters/duckdb/engine.ts'
import { makeKernelPool } from '../src/kernels/kernel-pool.ts'
import type { RunPlan } from '../src/plan/run-plan.ts'
import type { ComputeSession } from '../src/ports/compute-engine.ts'
import type { PublishedState } from '../src/ports/ledger.ts'
import type { Services } from '../src/ports/services.ts'
import type { ArtifactRef } from '../src/run/artifact.ts'
import type { ClusterModel } from '../src/stages/cluster/model.ts'
import { fitNumber } from '../src/stages/features/fit-number.ts'
import { asPublishedModel } from '../src/stages/validate/published-model.ts'
import { EMPTY_LIVE_ALSO, EMPTY_LIVE_OVERRIDES } from '../src/stages/validate/sql.ts'
import { EMPTY_PAST_MEMBERS } from '../src/stages/validate/past-members-sql.ts'
import type { Validation } from '../src/stages/validate/validation.ts'
import { comparedPlan, comparedSpecs, SEGMENTS } from './compared-plan.ts'

const THREADS = 2
/** Customers who are of another group in the second quarter: every so many. */
const MOVED_EVERY = 10
const NONE: PublishedState = { live: null, segments: [], newestNumber: 0 }

const [work, folder, ...numbers] = process.argv.slice(2) as [string, string, ...string[]]
const [customers, repetition] = numbers.map(Number) as [number, number]
const members = join(folder, 'members.parquet')
interface Refs {
  readonly clean: ArtifactRef
  readonly features: ArtifactRef
  readonly candidate: ArtifactRef
}

let state = NONE
const store = makeFileStore({ rootFolder: join(folder, 'store'), scratchFolder: join(folder, 'scratch') })
const services = {
  engine: makeDuckDbEngine({ threads: THREADS }),
  kernels: makeKernelPool({ threads: THREADS }),
  codeVersion: 'bench',
  store: () => store,
  ledger: () => ({
    publishedState: () => Promise.resolve(state),
    publishedModel: () => Promise.resolve(state.live?.model ?? null),
    loadPublished,
  }),
  reached: () => undefined,
} as unknown as Services

const { validateAgainstPublished } = makeValidateActivities(services)
if (work === 'prepare') await prepare()
else {
  state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as PublishedState
  const refs = JSON.parse(readFileSync(join(folder, 'refs.json'), 'utf8')) as Refs
  const doWork = work === 'stage' ? () => compareAll(refs) : await figuresOf(refs)
  const startedMs = performance.now()
  const before = process.cpuUsage()
  const check = await doWork()
  const { user, system } = process.cpuUsage(before)
  console.log(
    JSON.stringify({
      seconds: (performance.now() - startedMs) / 1000,
      cpuSeconds: (user + system) / 1e6,
      rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      check,
    }),
  )
}
await services.kernels.close()

async function prepare(): Promise<void> {
  mkdirSync(join(folder, 'scratch'), { recursive: true })
  const [first, second] = [comparedPlan('2026-07-01', 1), comparedPlan('2026-10-01', 1)]
  const refs = await clustered(first, 0)
  const { ref } = await act(() => validateAgainstPublished(first, refs))
  const { files } = await readManifestOf(store, ref)
  const validation = await readDocument<Validation>(store, ref.uri, files, 'validation')
  const [rows] = await fetchShards(store, ref, 1)
  await withSession([join(folder, 'store')], (session) =>
    session.writeParquet(`SELECT customer_id, segment_key FROM read_parquet('${rows!}')`, 'customer_id', members),
  )
  state = publishedState(first, validation)
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state))
  const later = await clustered(second, MOVED_EVERY)
  writeFileSync(join(folder, 'refs.json'), JSON.stringify(later))
  await writePeerFiles(later)
}

/** What the script reads: the same rows, and the bins of the live model. */
async function writePeerFiles({ candidate, features: built }: Refs): Promise<void> {
  const model = asPublishedModel(state.live!.model)!
  const bins = model.features.features.map((feature) => ({
    name: feature.name,
    ...(feature.kind === 'number' ? feature.bins : {}),
  }))
  const [rows, values] = [await fetchShards(store, candidate, 1), await fetchShards(store, built, 1)]
  writeFileSync(join(folder, 'peer.json'), JSON.stringify({ candidate: rows[0], features: values[0], members, bins }))
}

async function compareAll(refs: Refs): Promise<Readonly<Record<string, number>>> {
  const { ref } = await act(() => validateAgainstPublished(comparedPlan('2026-10-01', repetition), refs))
  const { files } = await readManifestOf(store, ref)
  return checkOf((await readDocument<Validation>(store, ref.uri, files, 'validation')).comparison)
}

/** Opens what the stage opens, too, before time counts. */
async function figuresOf(refs: Refs): Promise<() => Promise<Readonly<Record<string, number>>>> {
  const plan = comparedPlan('2026-10-01', repetition)
  const { files } = await readManifestOf(store, refs.candidate)
  const model = await readDocument<ClusterModel>(store, refs.candidate.uri, files, 'model')
  const candidateFiles = await fetchShards(store, refs.candidate, 1)
  const featureFiles = await fetchShards(store, refs.features, 1)
  const measures = measuresOf(plan)
  return () =>
    withSession([...candidateFiles, ...featureFiles, members], async (session) => {
      await loadPublished(session, plan.pipeline, folder)
      const compared = { plan, state, candidateFiles, featureFiles, customers, model, measures }
      const { overlap, matches } = await identifySegments(session, {
        ...compared,
        scoredWith: null,
        pastModels: new Map(),
      })
      const published = asPublishedModel(state.live!.model)
      return checkOf(
        await measureComparison(session, {
          ...{ overlap, matches, isPrimary: () => true, transitions: [], published, measures, customers },
          ...{ growing: [], kpi: null, model: null, isKept: true, values: null },
          live: { model: null, relation: 'population', isEdited: false, problem: null },
        }),
      )
    })
}

function checkOf(comparison: Validation['comparison']): Readonly<Record<string, number>> {
  const of = (measure: string, subject: string | null = null): number =>
    comparison.find((one) => one.measure === measure && one.subject === subject)!.value
  return {
    ari: of('adjusted_rand'),
    ami: of('adjusted_mutual_information'),
    vi: of('variation_of_information'),
    psi: of('feature_drift', 'f0'),
    ks: of(
      comparison.some(({ measure }) => measure === 'feature_ks_binned') ? 'feature_ks_binned' : 'feature_ks',
      'f0',
    ),
  }
}

/** Eight groups that overlap, made of hashes: the same each time. @param movedEvery every so many customers are of the next group; 0: none */
async function clustered(plan: RunPlan, movedEvery: number): Promise<Refs> {
  const group = movedEvery === 0 ? `n % ${SEGMENTS}` : `(n + (n % ${movedEvery} = 0)::int) % ${SEGMENTS}`
  const columns = comparedSpecs.map(
    ({ column }, i) =>
      `(md5_number_lower(id || '${column}${plan.runKey}') % 1000)::double / 250 + ((g * ${2 * i + 3}) % ${SEGMENTS}) * 2 AS ${column}`,
  )
  const query = `SELECT CAST(md5_number_lower(id) % 256 AS INTEGER) AS bucket, id AS customer_id, ${columns.join(', ')}
    FROM (SELECT 'c' || n AS id, ${group} AS g FROM range(${customers}) AS t(n))`
  const built = await withSession([], async (session) => {
    const written = await session.writeParquet(
      query,
      'bucket, customer_id',
      join(folder, `scratch/${plan.asOf}.parquet`),
    )
    const buckets = (await session.columns(`SELECT bucket FROM (${query}) ORDER BY bucket, customer_id`)).columns.bucket
    const fitted = []
    for (const spec of comparedSpecs) {
      const read = await session.columns(`SELECT ${spec.column} FROM (${query}) ORDER BY bucket, customer_id`)
      fitted.push(fitNumber(read.columns[spec.column] as Float64Array, buckets as Int32Array, spec))
    }
    const artifact = artifactOf(plan, 'features')
    return artifact.commit(
      [
        await artifact.putFile({ role: 'rows', shard: 0, extension: '.parquet', ...written }),
        await putDocument(artifact, { scratchPath: folder } as Attempt, 'transforms', {
          features: fitted,
          dropped: [],
        }),
      ],
      { customers },
    )
  })
  const clean = await artifactOf(plan, 'cleanse').commit([], { sourceRows: { orders: customers }, dataQuality: [] })
  const { fitClusters, placeShard, clusterCustomers } = makeClusterActivities(services)
  const fit = await act(() => fitClusters(plan, built, 1))
  await act(() => placeShard(plan, built, 0, 1, fit))
  const { ref: candidate } = await act(() => clusterCustomers(plan, built, 1, fit))
  return { clean: { ...clean, rowCount: customers }, features: built, candidate: { ...candidate, rowCount: customers } }
}

function publishedState({ runKey, asOf }: RunPlan, { segments, cleanRows, model }: Validation): PublishedState {
  return {
    live: {
      ...{ runKey, revision: 1, asOf, publicationId: 1, definitionHash: 'd', cleanRows, comparedWith: null },
      model,
    },
    segments: segments.map((segment) => ({ ...segment, lastPublicationId: 1, lastRun: `${runKey}~1` })),
    newestNumber: SEGMENTS,
  }
}

/** As the warehouse does: through a file in the folder of the attempt. */
async function loadPublished(session: ComputeSession, _pipeline: string, scratchPath: string): Promise<void> {
  const copy = join(scratchPath, 'live.parquet')
  copyFileSync(members, copy)
  await session.execute(`CREATE TABLE live AS SELECT customer_id, segment_key FROM read_parquet('${copy}')`)
  await session.createTable('former', { rowCount: 0, columns: { customer_id: [] } })
  for (const empty of [EMPTY_LIVE_ALSO, EMPTY_LIVE_OVERRIDES, EMPTY_PAST_MEMBERS]) await session.execute(empty)
}

async function withSession<T>(
  readablePaths: readonly string[],
  use: (session: ComputeSession) => Promise<T>,
): Promise<T> {
  const session = await services.engine.open({ scratchPath: folder, readablePaths: [folder, ...readablePaths] })
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

function artifactOf(plan: RunPlan, stage: 'features' | 'cleanse'): StageArtifact {
  return new StageArtifact(store, plan, { stage, stageVersion: 1, config: {}, reads: [], shardCount: 1 })
}

function act<T>(activity: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
}
