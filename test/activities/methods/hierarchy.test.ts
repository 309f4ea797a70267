import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adjustedRand } from '../../../src/stats/adjusted-rand.ts'
import { CandidateBench, planOf } from '../candidate-bench.ts'
import { threeGroups } from '../three-groups.ts'
import type { Customer } from '../candidate-bench.ts'
import { clusterCustomers } from './cluster-customers.ts'

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())

const MICRO = [
  [3, 40, 3_000],
  [8, 25, 2_000],
  [5, 33, 900],
  [150, 4, 300],
  [220, 3, 180],
  [260, 1.5, 60],
  [30, 1, 10],
  [45, 1, 25],
] as const
/** Which of three groups holds each of eight. */
const MACRO = [0, 0, 0, 1, 1, 1, 2, 2]

/** Three groups that hold eight: a planted hierarchy. */
function planted(size: number): readonly Customer[] {
  return Array.from({ length: size * 8 }, (_, i): Customer => {
    const wobble = (k: number): number => 1 + 0.05 * ((((i * 7919 * k) % 211) / 211) * 2 - 1)
    const [recency, frequency, monetary] = MICRO[i % 8]!
    return [`p${String(i).padStart(5, '0')}`, recency * wobble(1), frequency * wobble(3), monetary * wobble(5)]
  })
}

const levels = [
  { name: 'macro', count: 3, minimumCustomers: 20 },
  { name: 'micro', count: 8, minimumCustomers: 20 },
]
const numberOf = (id: unknown): number => Number(String(id).slice(1)) % 8

describe('hierarchy', { timeout: 120_000 }, () => {
  it.each(['ward', 'bisecting'] as const)('%s recovers a planted hierarchy, level in level', async (algorithm) => {
    const plan = planOf({ cluster: { method: 'hierarchy', algorithm, levels } })
    const { model, rows } = await clusterCustomers(bench, plan, planted(60), 'hierarchy')
    const micro = Int32Array.from(rows, ({ cluster }) => Number(cluster))
    const macro = Int32Array.from(rows, ({ also_1 }) => Number(also_1))
    const truth = Int32Array.from(rows, ({ customer_id }) => numberOf(customer_id))
    // Where the eight lie as the features are transformed: the planted partition, or one that splits off no group of its own wrongly.
    expect(adjustedRand(micro, truth)).toBe(1)
    expect(
      adjustedRand(
        macro,
        truth.map((one) => MACRO[one]!),
      ),
    ).toBe(1)
    expect(model.clusters.filter(({ level }) => level === 0)).toHaveLength(8)
    expect(model.clusters.filter(({ level }) => level === 1)).toHaveLength(3)
    expect(model.also).toEqual([{ layer: 'macro' }])
    for (const row of rows) {
      expect(model.clusters[Number(row.cluster)]!.parent).toBe(row.also_1)
      expect(row.confidence).toBeGreaterThan(0)
      expect(model.reasons).toContain(model.reasons[Number(row.reason_1)])
    }
  })

  it.each(['ward', 'bisecting'] as const)(
    '%s makes no group below the minimum, counted on everybody',
    async (algorithm) => {
      const fine = [
        { name: 'macro', count: 4, minimumCustomers: 60 },
        { name: 'micro', count: 60, minimumCustomers: 12 },
      ]
      const plan = planOf({ cluster: { method: 'hierarchy', algorithm, levels: fine, sampleRows: 200 } })
      const { model, rows } = await clusterCustomers(bench, plan, planted(100), 'hierarchy')
      const sizes = (column: string): readonly number[] =>
        [...Map.groupBy(rows, (row) => row[column]).values()].map((group) => group.length)
      expect(model.fittedCustomers).toBe(800)
      expect(Math.min(...sizes('cluster'))).toBeGreaterThanOrEqual(12)
      expect(sizes('cluster').length).toBeGreaterThan(15)
      expect(Math.min(...sizes('also_1'))).toBeGreaterThanOrEqual(60)
      expect(sizes('also_1').length).toBeLessThanOrEqual(4)
    },
  )

  it.each(['ward', 'bisecting'] as const)(
    '%s gives the same content for any shards, threads and order',
    async (algorithm) => {
      const plan = planOf({ cluster: { method: 'hierarchy', algorithm, levels, sampleRows: 200 } })
      const customers = planted(40)
      const { ref, model } = await clusterCustomers(bench, plan, customers, 'hierarchy')
      const other = await CandidateBench.open(1)
      try {
        const same = await clusterCustomers(other, plan, customers.toReversed(), 'hierarchy', 3)
        expect(same.model).toEqual(model)
        expect(same.ref.contentDigest).toBe(ref.contentDigest)
      } finally {
        await other.close()
      }
    },
  )

  it('stands many customers in for by small clusters, which changes little', async () => {
    const plan = planOf({ cluster: { method: 'hierarchy', algorithm: 'ward', levels } })
    const { rows } = await clusterCustomers(bench, plan, planted(150), 'hierarchy')
    const truth = Int32Array.from(rows, ({ customer_id }) => numberOf(customer_id))
    expect(
      adjustedRand(
        Int32Array.from(rows, ({ cluster }) => Number(cluster)),
        truth,
      ),
    ).toBe(1)
  })

  it('refuses what cannot be split: too few, all the same, a few odd ones among the same', async () => {
    const plan = planOf({
      cluster: { method: 'hierarchy', levels: [{ name: 'micro', count: 5, minimumCustomers: 10 }] },
    })
    await expect(clusterCustomers(bench, plan, threeGroups(6), 'hierarchy')).rejects.toThrow(
      'Cannot make 2 segments of at least 10 customers from 18 customers.',
    )
    const same = Array.from({ length: 60 }, (_, i): Customer => [`same${i}`, 3, 3, 3])
    await expect(clusterCustomers(bench, plan, same, 'hierarchy')).rejects.toMatchObject({ type: 'ConstantFeatures' })
    const odd = same.map(([id], i): Customer => (i < 4 ? [id, 90 + i, 9, 900] : [id, 3, 3, 3]))
    await expect(clusterCustomers(bench, plan, odd, 'hierarchy')).rejects.toMatchObject({ type: 'TooFewCustomers' })
  })
})
