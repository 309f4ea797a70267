import { describe, expect, it } from 'vitest'
import { planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { firstPlan, fixedCount, openBench, publish, validate } from './validated-candidate.ts'

const bench = await openBench()

describe('validating', () => {
  it('gives a name of people to the segment of its profile, and leaves it there when the profile changes', async () => {
    const segments = { champions: { like: { monetary: 'high', recency: 'low' }, owner: 'crm' } } as const
    const first = await validate(bench, planOf({ ...fixedCount, segments }), threeGroups(40))
    const named = first.validation.segments.filter(({ owner }) => owner === 'crm')
    // The frequent and rich of threeGroups.
    expect(named).toMatchObject([{ name: 'champions', customers: 40 }])
    publish(bench, firstPlan, first)
    const other = { champions: { like: { recency: 'high' } } } as const
    const second = await validate(
      bench,
      planOf({ ...fixedCount, runKey: 'shop@2026-10-01', segments: other }),
      threeGroups(40),
    )
    expect(second.validation.segments.find(({ name }) => name === 'champions')).toMatchObject({
      segmentKey: named[0]!.segmentKey,
    })
  })
})
