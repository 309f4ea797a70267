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

const labelsOf = (rows: readonly Readonly<Record<string, unknown>>[]): Int32Array =>
  Int32Array.from(rows, ({ cluster }) => Number(cluster))

/** Customers of three rhythms, each figure with noise of its own. */
function noisyGroups(size: number): readonly Customer[] {
  const noise = (i: number, k: number): number => (((i * 7919 * k) % 1009) + ((i * 104729 * k) % 997)) / 1003 - 1
  return Array.from({ length: size * 3 }, (_, i): Customer => {
    const id = `n${String(i).padStart(5, '0')}`
    const [recency, frequency, monetary] = [
      [10, 30, 900],
      [60, 8, 250],
      [200, 2, 60],
    ][i % 3]!
    return [
      id,
      recency! * (1 + 0.3 * noise(i, 1)),
      frequency! * (1 + 0.25 * noise(i, 3)),
      monetary! * (1 + 0.4 * noise(i, 7)),
    ]
  })
}

describe('mixture', { timeout: 120_000 }, () => {
  it('finds the groups, by the lowest criterion, and gives each customer a probability, a distance and reasons', async () => {
    const plan = planOf({ cluster: { method: 'mixture', count: { from: 2, to: 4 } } })
    const { model, rows } = await clusterCustomers(bench, plan, noisyGroups(150), 'mixture')
    const truth = Int32Array.from(rows, ({ customer_id }) => Number(String(customer_id).slice(1)) % 3)
    expect(adjustedRand(labelsOf(rows), truth)).toBeGreaterThan(0.97)
    expect(model.parameters).toMatchObject({ fittedBy: 'mixture', fallbackReason: null, converged: true })
    const chosen = model.candidates.filter(({ chosen }) => chosen)
    expect(chosen).toHaveLength(1)
    expect(chosen[0]!.bic).toBe(Math.min(...model.candidates.map(({ bic }) => bic!)))
    expect(model.scores).toEqual([{ name: 'membershipProbability', unit: 'probability' }])
    for (const row of rows) {
      expect(row.score_1).toBe(row.confidence)
      expect(row.confidence).toBeGreaterThan(0.3)
      expect(row.confidence).toBeLessThanOrEqual(1)
      expect(row.distance).toBeGreaterThan(0)
      expect(row.next_cluster).not.toBe(row.cluster)
      expect(Math.abs(row.pull_1 as number)).toBeGreaterThanOrEqual(Math.abs((row.pull_2 as number | null) ?? 0))
    }
    expect(model.reasons).toEqual(['frequency', 'monetary', 'recency'])
    // Two of 450 are less dense than 99.5 %, and one on the border of that.
    expect(rows.filter(({ is_outlier }) => is_outlier).length).toBeLessThanOrEqual(3)
  })

  it('gives the same content for 1 and 3 shards, 1 and 2 threads, and customers in another order', async () => {
    const plan = planOf({ cluster: { method: 'mixture', count: { from: 2, to: 3 }, sampleRows: 100 } })
    const customers = noisyGroups(100)
    const { ref, model } = await clusterCustomers(bench, plan, customers, 'mixture')
    expect(model.fittedCustomers).toBe(100)
    const other = await CandidateBench.open(1)
    try {
      const same = await clusterCustomers(other, plan, customers.toReversed(), 'mixture', 3)
      expect(same.model).toEqual(model)
      expect(same.ref.contentDigest).toBe(ref.contentDigest)
    } finally {
      await other.close()
    }
  })

  it('falls back to k-means where customers are alike in every feature, and says so', async () => {
    const customers = Array.from({ length: 90 }, (_, i): Customer => {
      const wobble = ((i * 7919) % 101) / 101
      return i % 3 === 0 ? [`s${i}`, 5, 2, 30] : [`s${i}`, 100 + 90 * wobble, 8 + 9 * wobble ** 2, 900 + 500 * wobble]
    })
    const plan = planOf({ cluster: { method: 'mixture', count: 2 } })
    const { model, rows } = await clusterCustomers(bench, plan, customers, 'mixture')
    expect(model.parameters).toMatchObject({
      fittedBy: 'kmeans',
      fallbackReason: expect.stringContaining('alike in every feature') as unknown,
    })
    expect(model.candidates).toMatchObject([{ method: 'kmeans', clusterCount: 2, chosen: true }])
    const alike = new Set(
      rows.filter(({ customer_id }) => Number(String(customer_id).slice(1)) % 3 === 0).map(({ cluster }) => cluster),
    )
    expect(alike.size).toBe(1)
  })

  it('copes with a feature that is the same for all, and refuses too few and identical customers', async () => {
    const constant = noisyGroups(60).map(([id, recency, frequency]): Customer => [id, recency, frequency, 7])
    const plan = planOf({ cluster: { method: 'mixture', count: 3 } })
    const { rows, model } = await clusterCustomers(bench, plan, constant, 'mixture')
    expect(new Set(labelsOf(rows)).size).toBe(3)
    expect(model.parameters.fittedBy).toBe('mixture')
    const identical = Array.from({ length: 9 }, (_, i): Customer => [`same${i}`, 3, 3, 3])
    await expect(clusterCustomers(bench, plan, identical, 'mixture')).rejects.toMatchObject({
      type: 'ConstantFeatures',
    })
    await expect(clusterCustomers(bench, plan, threeGroups(1).slice(0, 2), 'mixture')).rejects.toThrow(
      'Cannot make 3 clusters from 2 customers.',
    )
    const two = Array.from({ length: 9 }, (_, i): Customer => [`two${i}`, i % 2, i % 2, i % 2])
    await expect(clusterCustomers(bench, plan, two, 'mixture')).rejects.toThrow('only 2 of them differ')
  })
})
