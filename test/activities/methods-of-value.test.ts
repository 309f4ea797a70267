import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import type { ClusterModel } from '../../src/stages/cluster/model.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())

type Rows = readonly Readonly<Record<string, unknown>>[]

interface Clustered {
  readonly ref: ArtifactRef
  readonly model: ClusterModel
  readonly rows: Rows
}

/** @param live the published model, if any */
async function cluster(
  plan: RunPlan,
  customers: readonly Customer[],
  shardCount = 1,
  live: ClusterModel | null = null,
  on = bench,
): Promise<Clustered> {
  const services = {
    ...on.services,
    ledger: () => ({ publishedModel: () => Promise.resolve(live) }) as never,
  }
  const compared = live === null ? plan : { ...plan, live: { publicationId: 1, modelDigest: 'live' } }
  const features = await on.commitFeatures(compared, customers, shardCount)
  const activities = makeClusterActivities(services)
  const fit = await on.run(activities.fitClusters, compared, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await on.run(activities.placeShard, compared, features, shard, shardCount, fit)
  const { ref } = await on.run(activities.clusterCustomers, compared, features, shardCount, fit)
  const store = on.services.store({} as never)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  return { ref, rows: await on.rowsOf(ref, 'rows'), model: await readDocument(store, ref.uri, files, 'model') }
}

const rules = {
  method: 'rules',
  overlapping: true,
  rules: [
    { name: 'Rich', when: 'monetary > 500' },
    { name: 'Recent', when: 'recency < 60' },
    { name: 'Silent', when: 'monetary is missing' },
  ],
}
const methods = [
  ['rules', rules],
  ['rfm', { method: 'rfm' }],
  ['tiers', { method: 'tiers', feature: 'monetary', by: 'abc' }],
  ['tiers by quantiles', { method: 'tiers', feature: 'recency', by: 'deciles' }],
] as const

/** A few of them know nothing of money. */
function someCustomers(): readonly Customer[] {
  const known = threeGroups(40)
  return known.map(([id, recency, frequency, monetary], index): Customer => [
    id,
    recency,
    frequency,
    index % 17 === 3 ? null : monetary,
  ])
}

describe('rules, rfm and tiers', { timeout: 60_000 }, () => {
  it.each(methods)(
    'give the same content for 1 and 3 shards, 1 and 2 threads, and customers in another order: %s',
    async (_, settings) => {
      const plan = planOf({ cluster: settings })
      const one = await cluster(plan, someCustomers())
      const other = await CandidateBench.open(1)
      try {
        const same = await cluster(plan, someCustomers().toReversed(), 3, null, other)
        expect(same.model).toEqual(one.model)
        expect(same.ref.contentDigest).toBe(one.ref.contentDigest)
      } finally {
        await other.close()
      }
      expect(one.rows).toHaveLength(120)
      expect(one.rows.every(({ confidence }) => confidence === 1)).toBe(true)
    },
  )

  it.each(methods)('describe clusters by keys, names and words, in plain JSON: %s', async (_, settings) => {
    const { model } = await cluster(planOf({ cluster: settings }), someCustomers())
    for (const { ownKey, name, criteria } of model.clusters) {
      expect(ownKey).toMatch(/^[a-z][a-z0-9_]*$/)
      expect([name, criteria]).not.toContain(null)
    }
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
    expect(model.clusterCount).toBe(model.clusters.length)
  })

  it('keep further rules that are true as further memberships, and name them as reasons', async () => {
    const customers: readonly Customer[] = [
      ['a', 10, 5, 900],
      ['b', 10, 5, null],
      ['c', 100, 1, 10],
      ['d', 100, 1, 600],
    ]
    const { rows, model } = await cluster(planOf({ cluster: rules }), customers)
    const of = (id: string): Readonly<Record<string, unknown>> => rows.find(({ customer_id }) => customer_id === id)!
    expect(of('a')).toMatchObject({
      cluster: 0,
      also_1: 1,
      also_2: null,
      next_cluster: 1,
      reason_1: 0,
      reason_2: 1,
      reason_3: null,
    })
    expect(of('b')).toMatchObject({ cluster: 1, also_1: 2, next_cluster: 2 })
    expect(of('c')).toMatchObject({ cluster: 3, also_1: null, next_cluster: null, reason_1: null })
    expect(of('d')).toMatchObject({ cluster: 0, also_1: null })
    expect(model.reasons).toEqual(['Rich', 'Recent', 'Silent'])
    expect((await cluster(planOf({ cluster: { ...rules, overlapping: false } }), customers)).model.also).toEqual([])
  })

  it('publish the scores of recency, frequency and money, and what stands out', async () => {
    const known = threeGroups(40).filter(([, , , monetary]) => monetary !== null)
    const { rows, model } = await cluster(planOf({ cluster: { method: 'rfm' } }), known)
    expect(model.reasons).toEqual(['recency', 'frequency', 'monetary'])
    for (const { score_1, score_2, score_3, score_4, pull_1, reason_1 } of rows as unknown as Record<
      string,
      number
    >[]) {
      expect(score_4).toBeCloseTo((score_1! + score_2! + score_3!) / 3, 12)
      const pulls = [-(score_1! - 3) / 2, (score_2! - 3) / 2, (score_3! - 3) / 2]
      const strongest = Math.max(...pulls.map(Math.abs))
      if (strongest > 0) expect([Math.abs(pull_1!), pulls[reason_1!]]).toEqual([strongest, pull_1])
    }
  })

  it.each([
    ['rfm', { method: 'rfm', cuts: 'anchored' }],
    ['tiers', { method: 'tiers', feature: 'monetary', by: 'quartiles', cuts: 'anchored' }],
  ])('mean the same as what is published when cuts are anchored: %s', async (_, settings) => {
    const first = await cluster(planOf({ cluster: settings }), threeGroups(40))
    const richer = threeGroups(40).map(([id, recency, frequency, monetary]): Customer => [
      id,
      recency,
      frequency,
      monetary! * 3,
    ])
    const plan = planOf({ cluster: settings, runKey: 'shop@2026-10-01' })
    const second = await cluster(plan, richer, 1, first.model)
    const cutsOf = ({ parameters }: ClusterModel): unknown => {
      if (parameters.method === 'rfm') return Object.values(parameters.dimensions).map(({ cuts }) => cuts)
      return parameters.method === 'tiers' ? parameters.cuts : null
    }
    expect(cutsOf(second.model)).toEqual(cutsOf(first.model))
    const alone = await cluster(planOf({ cluster: settings, runKey: 'shop@2027-01-01' }), richer)
    expect(cutsOf(alone.model)).not.toEqual(cutsOf(first.model))
  })

  it.each([
    ['rfm', { method: 'rfm' }, 'All customers have the same recency, frequency, monetary'],
    ['tiers', { method: 'tiers', feature: 'monetary' }, 'All customers with a value of monetary have the same, 7'],
  ])('say what is wrong where nobody differs: %s', async (_, settings, message) => {
    const same = ['a', 'b', 'c'].map((id): Customer => [id, 5, 5, 7])
    await expect(cluster(planOf({ cluster: settings }), same)).rejects.toThrow(message)
  })

  it.each(methods)('take a feature that nobody has a value of, or say so: %s', async (_, settings) => {
    const empty = threeGroups(5).map(([id, recency, frequency]): Customer => [id, recency, frequency, null])
    const run = cluster(planOf({ cluster: settings }), empty)
    if (settings.method === 'rules' || ('feature' in settings && settings.feature === 'recency'))
      expect((await run).rows).toHaveLength(15)
    else await expect(run).rejects.toThrow(/No customer has (a value|all) of/)
  })
})
