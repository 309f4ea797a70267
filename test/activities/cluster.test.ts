import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { adjustedRand } from '../../src/stats/adjusted-rand.ts'
import type { StageOutput } from '../../src/activities/activities.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import type { ModelOf } from '../../src/activities/methods/method.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())

async function cluster(
  plan: RunPlan,
  customers: readonly Customer[],
  shardCount: number,
  on = bench,
): Promise<{ output: StageOutput; features: ArtifactRef }> {
  const features = await on.commitFeatures(plan, customers, shardCount)
  const activities = makeClusterActivities(on.services)
  const fit = await on.run(activities.fitClusters, plan, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await on.run(activities.placeShard, plan, features, shard, shardCount, fit)
  return { output: await on.run(activities.clusterCustomers, plan, features, shardCount, fit), features }
}

async function modelOf({ ref }: StageOutput): Promise<ModelOf<'kmeans'>> {
  const store = bench.services.store({} as never)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  return readDocument(store, ref.uri, files, 'model')
}

describe('cluster activities', { timeout: 60_000 }, () => {
  it('place every customer in the group it was made of, and choose the count in the range', async () => {
    const customers = threeGroups(60)
    const plan = planOf({ cluster: { count: { from: 2, to: 5 } } })
    const { output } = await cluster(plan, customers, 1)
    expect(output.counts).toMatchObject({ stage: 'cluster', rowsIn: 180, rowsOut: 180, rejected: 0 })
    const rows = await bench.rowsOf(output.ref, 'rows')
    expect(rows).toHaveLength(180)
    const truth = Int32Array.from(rows, ({ customer_id }) => Number(String(customer_id).slice(1)) % 3)
    expect(
      adjustedRand(
        Int32Array.from(rows, (row) => Number(row.cluster)),
        truth,
      ),
    ).toBe(1)
    const model = await modelOf(output)
    expect(model.clusterCount).toBe(3)
    expect(model.candidates.map(({ clusterCount, chosen }) => [clusterCount, chosen])).toEqual([
      [2, false],
      [3, true],
      [4, false],
      [5, false],
    ])
    const store = bench.services.store(plan.definition)
    const { summary } = (await store.readManifest(output.ref.uri, 'manifest'))!
    expect(summary).toEqual({ customers: 180, clusterCount: 3, sizes: [60, 60, 60], unseenLevels: {}, isKept: false })
  })

  it('write confidence, distance, next cluster and outliers of each customer', async () => {
    const { output } = await cluster(planOf({ cluster: { count: 4 } }), threeGroups(80), 1)
    const model = await modelOf(output)
    const rows = await bench.rowsOf(output.ref, 'rows')
    for (const row of rows) {
      expect(row.next_cluster).not.toBe(row.cluster)
      expect(row.confidence).toBeGreaterThanOrEqual(0)
      expect(row.confidence).toBeLessThanOrEqual(1)
      expect(row.is_outlier).toBe(Number(row.distance) > model.parameters.outlierDistance)
    }
    expect(rows.filter(({ is_outlier }) => is_outlier)).toHaveLength(2)
    expect(Object.keys(rows[0]!)).toEqual(
      expect.arrayContaining([
        'bucket',
        'customer_id',
        'cluster',
        'distance',
        'confidence',
        'next_cluster',
        'is_outlier',
      ]),
    )
  })

  it('give the same content for 1 and 3 shards, 1 and 2 threads, and customers in another order', async () => {
    const customers = threeGroups(70)
    const { output } = await cluster(planOf({ cluster: { count: 3, sampleRows: 100 } }), customers, 1)
    const other = await CandidateBench.open(1)
    try {
      const plan = planOf({ cluster: { count: 3, sampleRows: 100 } })
      const { output: same } = await cluster(plan, customers.toReversed(), 3, other)
      expect(same.ref.contentDigest).toBe(output.ref.contentDigest)
      expect(same.ref.rowCount).toBe(210)
    } finally {
      await other.close()
    }
  })

  it('refine the fit on the customers outside of the sample, for any number of shards', async () => {
    const customers = threeGroups(100)
    const plan = planOf({ cluster: { count: 3, sampleRows: 100 } })
    const [one, four] = [await cluster(plan, customers, 1), await cluster(plan, customers, 4)]
    const model = await modelOf(one.output)
    expect(await modelOf(four.output)).toEqual(model)
    expect(model).toMatchObject({ parameters: { kernel: 'fast' }, fittedCustomers: 300, clusterCount: 3 })
    // Fitted on everybody, each centre is the mean of its customers; the sample's would be another.
    const whole = await modelOf((await cluster(planOf({ cluster: { count: 3 } }), customers, 1)).output)
    const sorted = (centres: readonly (readonly number[])[]) => centres.toSorted((a, b) => a[0]! - b[0]!)
    sorted(model.parameters.centres).forEach((centre, cluster) =>
      centre.forEach((value, j) => expect(value).toBeCloseTo(sorted(whole.parameters.centres)[cluster]![j]!, 10)),
    )
    const sampled = planOf({ cluster: { count: 3, sampleRows: 100, kernel: 'reference' } })
    expect(await modelOf((await cluster(sampled, customers, 2)).output)).toMatchObject({
      parameters: { kernel: 'reference' },
      fittedCustomers: 100,
    })
  })

  it('find what an earlier attempt committed, and do nothing twice', async () => {
    const plan = planOf({ runKey: 'shop@2026-08-01' })
    const { output, features } = await cluster(plan, threeGroups(20), 2)
    const activities = makeClusterActivities(bench.services)
    bench.reached.length = 0
    const fit = await bench.run(activities.fitClusters, plan, features, 2)
    await bench.run(activities.placeShard, plan, features, 1, 2, fit)
    const again = await bench.run(activities.clusterCustomers, plan, features, 2, fit)
    expect(again.ref).toEqual(output.ref)
    expect(again.counts).toEqual(output.counts)
    expect(bench.reached.filter((point) => point.includes('commit'))).toEqual([])
  })

  it('place customers of shards that are empty', async () => {
    const { output } = await cluster(planOf({ cluster: { count: 2 } }), threeGroups(1), 16)
    expect(output.ref.rowCount).toBe(3)
  })

  it('tell the operator about too few and about identical customers', async () => {
    const one = cluster(planOf({}), threeGroups(1).slice(0, 1), 1)
    await expect(one).rejects.toMatchObject({ type: 'TooFewCustomers', nonRetryable: true })
    const identical = Array.from({ length: 9 }, (_, i): Customer => [`same${i}`, 3, 3, 3])
    await expect(cluster(planOf({}), identical, 1)).rejects.toMatchObject({ type: 'ConstantFeatures' })
    const few = cluster(planOf({ cluster: { count: 5 } }), threeGroups(1), 1)
    await expect(few).rejects.toThrow('Cannot make 5 clusters from 3 customers.')
  })

  it('fail when a shard or the model was not committed', async () => {
    const plan = planOf({ runKey: 'shop@2026-09-01' })
    const features = await bench.commitFeatures(plan, threeGroups(10), 2)
    const activities = makeClusterActivities(bench.services)
    await expect(
      bench.run(activities.placeShard, plan, features, 0, 2, { kernel: 'fast', refit: null }),
    ).rejects.toMatchObject({
      type: 'ArtifactMissing',
    })
    const fit = await bench.run(activities.fitClusters, plan, features, 2)
    await bench.run(activities.placeShard, plan, features, 0, 2, fit)
    await expect(bench.run(activities.clusterCustomers, plan, features, 2, fit)).rejects.toThrow('Shard 1 of 2')
  })
})
