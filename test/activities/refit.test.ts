import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { RefitDecision } from '../../src/stages/validate/decide-refit.ts'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { withoutPublication } from '../../src/stages/validate/scoring-model.ts'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { scoringModelOf } from '../../src/activities/scoring-model.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'
import { publish, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const live = { publicationId: 1, modelDigest: 'of-the-live-model' }
const first = (refit: string) => planOf({ cluster: { count: 3, refit }, runKey: 'shop@2026-07-01' })
const second = (refit: string, settings: Partial<Parameters<typeof planOf>[0]> = {}) =>
  planOf({ cluster: { count: 3, refit }, runKey: 'shop@2026-10-01', live, ...settings })

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
})

async function publishedFirst(refit: string, customers: readonly Customer[]): Promise<Validated> {
  const fitted = await validate(bench, first(refit), customers)
  publish(bench, first(refit), fitted)
  return fitted
}

/** What the cluster stage says it did, and the document behind it. */
async function decisionOf(plan: RunPlan, customers: readonly Customer[], shardCount = 1): Promise<RefitDecision> {
  const features = await bench.commitFeatures(plan, customers, shardCount)
  const { fitClusters, placeShard, clusterCustomers } = makeClusterActivities(bench.services)
  const fit = await bench.run(fitClusters, plan, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++) await bench.run(placeShard, plan, features, shard, shardCount, fit)
  const { ref, refit } = await bench.run(clusterCustomers, plan, features, shardCount, fit)
  const store = bench.services.store(plan.definition)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  const decision = await readDocument<RefitDecision>(store, ref.uri, files, 'refit')
  expect(refit).toEqual({ isRefit: decision.isRefit, ground: decision.ground, text: decision.text })
  return decision
}

const modelOf = ({ validation }: Validated) => validation.model as PublishedModel
/** Everybody bought last long ago. */
const aged = (customers: readonly Customer[]) =>
  customers.map(([id, recency, ...others]): Customer => [id, recency + 200, ...others])

describe('a pipeline that refits on drift', { timeout: 120_000 }, () => {
  it('fits first, and keeps that model while the customers are alike, run after run', async () => {
    const before = threeGroups(60)
    const fitted = await publishedFirst('onDrift', before)
    const now = [...before.slice(6), ...threeGroups(2, 'z')]
    const kept = await validate(bench, second('onDrift'), now)
    expect(withoutPublication(modelOf(kept))).toEqual(withoutPublication(modelOf(fitted)))
    expect(modelOf(kept).fittedBy).toMatchObject({ runId: 'shop@2026-07-01~1', period: '2026-Q2' })
    expect(kept.validation.lineage.map(({ kind }) => kind)).toEqual(['survived', 'survived', 'survived'])
    expect(kept.validation.segments.map(({ segmentKey, name, isNew }) => [segmentKey, name, isNew])).toEqual(
      fitted.validation.segments.map(({ segmentKey, name }) => [segmentKey, name, false]),
    )
    // A full run: the gates of refits, and how well the kept model still fits.
    const gates = kept.validation.checks.map(({ gate }) => gate)
    expect(gates).toEqual(expect.arrayContaining(['smallestSegment', 'stability', 'outlierShare', 'segmentShift']))
    publish(bench, second('onDrift'), kept)
    const third = await decisionOf(second('onDrift', { runKey: 'shop@2027-01-01' }), now)
    expect(third).toMatchObject({ isRefit: false, ground: 'no-drift', fittedBy: 'shop@2026-07-01~1' })
    expect(third.text).toContain('Kept the model of shop@2026-07-01~1 (2026-Q2)')
    expect(third.drift!.features.map(({ name }) => name)).toEqual(['frequency', 'monetary', 'recency'])
  })

  it('measures nothing where nothing changed, for any number of shards', async () => {
    const customers = threeGroups(60)
    await publishedFirst('onDrift', customers)
    const decision = await decisionOf(second('onDrift'), customers)
    expect(decision.drift).toMatchObject({ segmentShift: 0, outlierRise: 0 })
    expect(decision.drift!.features.map(({ drift }) => drift)).toEqual([0, 0, 0])
    const changed = aged(customers.slice(0, 30)).concat(customers.slice(30))
    const one = await decisionOf(second('onDrift'), changed)
    expect(await decisionOf(second('onDrift', { revision: 2 }), changed, 4)).toEqual(one)
    expect(one.drift!.features.find(({ name }) => name === 'recency')!.drift).toBeGreaterThan(0)
  })

  it('fits anew when a feature drifted, and says which and how far', async () => {
    const customers = threeGroups(60)
    await publishedFirst('onDrift', customers)
    const drifted = await validate(bench, second('onDrift'), aged(customers))
    expect(modelOf(drifted).fittedBy).toMatchObject({ runId: 'shop@2026-10-01~1' })
    expect(drifted.validation.checks.map(({ gate }) => gate)).not.toContain('segmentShift')
    const decision = await decisionOf(second('onDrift', { revision: 2 }), aged(customers))
    expect(decision).toMatchObject({ isRefit: true, ground: 'drift', fittedBy: 'shop@2026-07-01~1' })
    expect(decision.text).toMatch(/^Refitted, because recency drifted \d+\.\d\d > 0\.25/)
    expect(decision.drift!.features.find(({ name }) => name === 'monetary')!.drift).toBe(0)
  })

  it('fits anew when the method was edited, even while nothing drifted', async () => {
    const customers = threeGroups(60)
    await publishedFirst('onDrift', customers)
    const edited = second('onDrift', { cluster: { count: 4, refit: 'onDrift' } })
    const { validation } = await validate(bench, edited, customers)
    expect(validation.segments).toHaveLength(4)
    expect(await decisionOf({ ...edited, revision: 2 }, customers)).toMatchObject({ ground: 'definition' })
  })

  it('allows as much drift as the pipeline says', async () => {
    const customers = threeGroups(60)
    await publishedFirst('onDrift', customers)
    const lenient = { featureDrift: { above: 99 }, segmentShift: { above: 1 }, outlierRise: { above: 1 } }
    const plan = second('onDrift', { cluster: { count: 3, refit: 'onDrift', drift: lenient } })
    expect(await decisionOf(plan, aged(customers))).toMatchObject({ isRefit: false, thresholds: lenient })
  })
})

describe('a pipeline that never refits', { timeout: 120_000 }, () => {
  it('fits first, and places everybody by that model whatever came', async () => {
    const customers = threeGroups(60)
    const fitted = await publishedFirst('never', customers)
    const kept = await validate(bench, second('never', { cluster: { count: 5, refit: 'never' } }), aged(customers))
    expect(withoutPublication(modelOf(kept))).toEqual(withoutPublication(modelOf(fitted)))
    expect(kept.validation.segments.filter(({ isNew }) => isNew)).toEqual([])
    const decision = await decisionOf(second('never', { cluster: { count: 5, refit: 'never' } }), customers)
    expect(decision.text).toBe(
      'Kept the model of shop@2026-07-01~1 (2026-Q2), as cluster.refit: never says, although edited since: cluster.count.',
    )
  })

  it('refuses features that its model does not know, and says how to fit one', async () => {
    await publishedFirst('never', threeGroups(20))
    const other = second('never', { features: ['recency', 'frequency'] })
    await expect(scoringModelOf(bench.services, other)).rejects.toMatchObject({ type: 'NothingToScoreWith' })
    await expect(scoringModelOf(bench.services, other)).rejects.toThrow('--refit always')
  })

  it('fits when a person asks for it', async () => {
    const customers = threeGroups(60)
    await publishedFirst('never', customers)
    const asked = {
      ...second('never', { cluster: { count: 4, refit: 'never' } }),
      options: { refit: 'always' as const },
    }
    expect((await validate(bench, asked, customers)).validation.segments).toHaveLength(4)
  })
})
