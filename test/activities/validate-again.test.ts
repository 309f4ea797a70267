import { describe, expect, it } from 'vitest'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { fixedCount, openBench, publish, validate } from './validated-candidate.ts'

const bench = await openBench()
const customers = threeGroups(40)
const holdout = { share: 0.1, by: 'segment', salt: 'shop' } as const

/** As `verify` does: elsewhere in the store, by what the run recorded. */
const verifying = (plan: RunPlan, validationUri: string): RunPlan => {
  const { definition } = plan
  const target = { ...definition.target, prefix: 'dev/dry-run/verify/' }
  return { ...plan, definition: { ...definition, target }, verifies: { validationUri } }
}

describe('a validation that is made again when other segments are live', { timeout: 120_000 }, () => {
  it('holds out by segment whom it held out then', async () => {
    const firstPlan = planOf({ ...fixedCount, holdout, runKey: 'shop@2026-07-01' })
    const first = await validate(bench, firstPlan, customers)
    publish(bench, firstPlan, first)
    // Somebody is new, so that who is held out comes of who was.
    const secondPlan = planOf({ ...fixedCount, holdout, runKey: 'shop@2026-10-01' })
    const more = [...customers, ...threeGroups(10, 'x')]
    const second = await validate(bench, secondPlan, more)
    const heldOut = second.rows.filter(({ is_holdout: isHeldOut }) => isHeldOut).length
    expect(heldOut).toBeGreaterThan(0)
    bench.published = { ...bench.published, members: {}, heldOut: [] }
    const again = await validate(bench, verifying(secondPlan, second.output.ref.uri), more)
    expect(again.output.ref.contentDigest).toBe(second.output.ref.contentDigest)
  })

  it('knows the segments by which one was named that fills in what lies before all publications', async () => {
    const livePlan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01' })
    const asFound = await validate(bench, livePlan, customers)
    const live = JSON.parse(JSON.stringify(asFound).replaceAll('shop-1"', 'shop-9"')) as typeof asFound
    publish(bench, livePlan, live)
    const shown = bench.published.state.live!
    const past = { shown, isAfter: true, ownModel: null }
    bench.published = { ...bench.published, state: { ...bench.published.state, past } }
    // Of other columns, so that only members tell which segment is which.
    const features = [{ recency: { as: 'zLast' } }, { frequency: { as: 'often' } }, { monetary: { as: 'aSpend' } }]
    const pastPlan = {
      ...planOf({ ...fixedCount, features, runKey: 'shop@2026-07-01' }),
      options: { historical: true },
    }
    const earlier = customers.slice(1)
    const filled = await validate(bench, pastPlan, earlier)
    expect(filled.validation.comparedWith).toBe(null)
    expect(filled.validation.segments.map(({ segmentKey }) => segmentKey).sort()).toEqual([
      'shop-2',
      'shop-3',
      'shop-9',
    ])
    const again = await validate(bench, verifying(pastPlan, filled.output.ref.uri), earlier)
    expect(again.output.ref.contentDigest).toBe(filled.output.ref.contentDigest)
  })

  it('comes to the same, bit for bit, whatever number the warehouse gave the live publication', async () => {
    const firstPlan = planOf({ ...fixedCount, runKey: 'shop@2026-07-01' })
    const secondPlan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01' })
    publish(bench, firstPlan, await validate(bench, firstPlan, customers))
    const asFirst = await validate(bench, secondPlan, customers)
    const { state } = bench.published
    // With a store of its own, so that nothing is found again.
    const other = await CandidateBench.open()
    const segments = state.segments.map((segment) => ({ ...segment, lastPublicationId: 2 }))
    // An attempt that came to nothing has used a number up.
    other.published = { ...bench.published, state: { ...state, live: { ...state.live!, publicationId: 2 }, segments } }
    try {
      const asSecond = await validate(other, secondPlan, customers)
      expect(asSecond.output.ref.contentDigest).toBe(asFirst.output.ref.contentDigest)
    } finally {
      await other.close()
    }
  })
})
