import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { blob, noise, plantedGroups } from '../stats/planted-rows.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'
import { publish, validate } from './validated-candidate.ts'

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())

/** Customers whose recency, frequency and monetary are three columns of rows, shifted so that all are positive. */
function customersOf(values: Float64Array): readonly Customer[] {
  return Array.from({ length: values.length / 3 }, (_, i): Customer => [
    `c${String(i).padStart(5, '0')}`,
    values[i * 3]! + 20,
    values[i * 3 + 1]! + 20,
    values[i * 3 + 2]! + 20,
  ])
}

const plain = ['recency', 'frequency', 'monetary'].map((name) => ({ [name]: { transform: 'none' } }))
const planFor = (cluster: object, more: object = {}): RunPlan => planOf({ features: plain, cluster, ...more })
const checkOf = ({ validation }: Awaited<ReturnType<typeof validate>>, gate: string) =>
  validation.checks.find((check) => check.gate === gate)!

describe('choosing and refusing', { timeout: 60_000 }, () => {
  it('refuses uniform noise, and says why', async () => {
    const run = validate(bench, planFor({}), customersOf(noise(900, 3, 1)))
    await expect(run).rejects.toMatchObject({ type: 'NotClusterable', nonRetryable: true })
    await expect(run).rejects.toThrow('spread evenly over their features, like noise')
  })

  it('takes the declared fallback instead, with a warning that says why', async () => {
    const plan = planFor({ fallback: { method: 'rfm' } })
    const run = await validate(bench, plan, customersOf(noise(900, 3, 1)))
    expect(run.validation.segments.map(({ name }) => name)).toContain('Champions')
    const check = checkOf(run, 'clusterability')
    expect(check).toMatchObject({ outcome: 'warn', value: 0 })
    expect(check.message).toMatch(/^Method rfm took the place of kmeans\. Customers are spread evenly/)
  })

  it('does not cut one heap in five without a warning', async () => {
    const run = await validate(bench, planFor({ count: 5 }), customersOf(blob(900, 3, 1)))
    expect(checkOf(run, 'clusterability')).toMatchObject({ outcome: 'warn', threshold: 'below 0.5' })
    expect(checkOf(run, 'clusterability').message).toContain('there is one peak')
    expect(checkOf(run, 'stability').outcome).toBe('warn')
  })

  it('refuses one heap where that is asked for, and too few customers', async () => {
    const heap = validate(bench, planFor({ refuse: { dipAbove: 0.05 } }), customersOf(blob(900, 3, 1)))
    await expect(heap).rejects.toThrow('Customers form one heap')
    const few = validate(bench, planFor({ refuse: { customersBelow: 1_000 } }), customersOf(blob(900, 3, 1)))
    await expect(few).rejects.toThrow('There are 900 customers')
  })

  it('finds planted groups, says how sure that is, and passes', async () => {
    const { values } = plantedGroups(900, 3, 5, 1)
    const { validation } = await validate(bench, planFor({ count: { from: 2, to: 8 } }), customersOf(values))
    const chosen = validation.modelSelection.find((candidate) => candidate.chosen)!
    expect(chosen).toMatchObject({ clusterCount: 5, start: 'cold', reason: expect.stringMatching(/^Chosen: the most/) })
    expect(chosen.predictionStrength).toBeGreaterThan(0.99)
    expect(chosen.minimumJaccard).toBeGreaterThan(0.99)
    for (const candidate of validation.modelSelection) {
      expect(candidate.calinskiHarabasz!).toBeLessThanOrEqual(chosen.calinskiHarabasz!)
      expect(candidate.daviesBouldin!).toBeGreaterThanOrEqual(chosen.daviesBouldin!)
    }
    expect(validation.segments.every(({ stability }) => stability! > 0.99)).toBe(true)
    expect(
      validation.checks
        .filter(({ gate }) => gate === 'stability' || gate === 'clusterability')
        .map(({ outcome }) => outcome),
    ).toEqual(['pass', 'pass'])
  })

  it('gives each segment a rule in words and SQL, and counts what it is worth', async () => {
    const { validation } = await validate(bench, planOf({ cluster: { count: 3 } }), threeGroups(60))
    expect(validation.ruleFidelity).toBe(1)
    for (const { rule } of validation.segments) expect(rule).toMatchObject({ precision: 1, coverage: 1 })
    // By hand: the groups have recency of 5 to 8, 20 to 28 and 300 to 360 days, or monetary of 3,000, 60 to 90 and 150 to 200.
    const words = validation.segments.map(({ rule }) => rule!.words)
    expect(new Set(words).size).toBe(3)
    for (const { rule } of validation.segments) expect(rule!.sql).toMatch(/^"(recency|frequency|monetary)" (<=|>) \d+/)
  })

  it('starts from the published clusters too, and keeps them when no other start is better', async () => {
    const first = planFor({ count: { from: 3, to: 6 } })
    const customers = customersOf(blob(900, 3, 4))
    const before = await validate(bench, first, customers)
    publish(bench, first, before)
    const live = { publicationId: 1, modelDigest: 'd' }
    const next = { ...planFor({ count: { from: 3, to: 6 } }, { runKey: 'shop@2026-10-01' }), live }
    const after = await validate(bench, next, customersOf(blob(900, 3, 4).map((value) => value * 1.05)))
    const chosen = ({ validation }: typeof before) => validation.modelSelection.find((candidate) => candidate.chosen)!
    expect(chosen(after)).toMatchObject({ clusterCount: chosen(before).clusterCount, start: 'warm' })
    expect(after.validation.moved).toBeLessThan(9)
  })

  it('keeps the published count while no other is better by the margin', async () => {
    const customers = customersOf(blob(900, 3, 4))
    const fixed = planFor({ count: 3 })
    publish(bench, fixed, await validate(bench, fixed, customers))
    const live = { publicationId: 1, modelDigest: 'd' }
    const planned = (preferPrevious: object) => ({
      // By silhouette alone: a heap has no stable clusters of any number.
      ...planFor({ count: { from: 3, to: 6 }, bootstraps: 0, preferPrevious }, { runKey: 'shop@2026-10-01' }),
      live,
    })
    const chosen = async (preferPrevious: object) => {
      const { validation } = await validate(bench, planned(preferPrevious), customers)
      return validation.modelSelection.find((candidate) => candidate.chosen)!
    }
    const kept = await chosen({})
    expect(kept).toMatchObject({ clusterCount: 3, reason: expect.stringMatching(/^Kept, as the live model has it/) })
    expect((await chosen({ margin: 0 })).clusterCount).toBeGreaterThan(3)
  })
})
