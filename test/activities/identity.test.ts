import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { keyOf, publish, validate } from './validated-candidate.ts'

const fixedCount = { cluster: { count: 3 } }
const firstPlan = planOf({ ...fixedCount, runKey: 'shop@2026-07-01' })
const secondPlan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01' })
const customers = threeGroups(40)
const statuses = ({ validation }: Awaited<ReturnType<typeof validate>>): unknown[] =>
  validation.segments.map(({ segmentKey, status }) => [segmentKey, status])

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
})

describe('segments that keep their identity', { timeout: 120_000 }, () => {
  it('are confirmed by a later run that finds them again, not by another revision', async () => {
    const first = await validate(bench, firstPlan, customers)
    publish(bench, firstPlan, first)
    const revision = planOf({ ...fixedCount, runKey: 'shop@2026-07-01', revision: 2 })
    expect(
      new Set((await validate(bench, revision, customers)).validation.segments.map(({ status }) => status)),
    ).toEqual(new Set(['provisional']))
    const second = await validate(bench, secondPlan, customers)
    expect(statuses(second)).toEqual(first.validation.segments.map(({ segmentKey }) => [segmentKey, 'active']))
  })

  it('keep their keys under renamed features, also when nobody is left to tell by', async () => {
    const renamed = planOf({
      ...fixedCount,
      runKey: 'shop@2026-10-01',
      features: [{ recency: { as: 'zLast' } }, { frequency: { as: 'often' } }, { monetary: { as: 'aSpend' } }],
    })
    const first = await validate(bench, firstPlan, customers)
    publish(bench, firstPlan, first)
    const strangers = threeGroups(40, 'x')
    const second = await validate(bench, renamed, strangers)
    expect(second.validation).toMatchObject({ panel: 0, retiredKeys: expect.any(Array) })
    for (const [i, [id]] of customers.entries()) expect(keyOf(second, strangers[i]![0])).toBe(keyOf(first, id))
    const both = await validate(bench, renamed, [...customers, ...strangers])
    for (const [id] of customers) expect(keyOf(both, id)).toBe(keyOf(first, id))
  })

  it('come back with their keys: found by their last members, or by their last centre', async () => {
    const first = await validate(bench, firstPlan, customers)
    publish(bench, firstPlan, first)
    const lapsed = keyOf(first, customers[1]![0]) as string
    const pastModels = { 1: first.validation.model }
    // The lapsed are away for a quarter.
    const present = customers.filter((_, i) => i % 3 !== 1)
    const two = planOf({ cluster: { count: 2 }, runKey: 'shop@2026-10-01' })
    const second = await validate(bench, two, present)
    expect(second.validation.retiredKeys).toEqual([lapsed])
    expect(second.validation.lineage.filter(({ kind }) => kind !== 'survived')).toMatchObject([
      { fromSegmentKey: lapsed, toSegmentKey: null, kind: 'disappeared' },
    ])
    publish(bench, two, second)
    const { state } = bench.published
    const gone = first.validation.segments.find(({ segmentKey }) => segmentKey === lapsed)!
    const segments = [
      ...state.segments.map((one) => ({ ...one, lastPublicationId: 2 })),
      { ...gone, status: 'retired', customers: 0, lastPublicationId: 1, lastRun: 'shop@2026-04-01~1' } as const,
    ]
    const later = { ...bench.published, state: { ...state, segments }, pastModels }
    const third = planOf({ ...fixedCount, runKey: 'shop@2027-01-01' })
    const returning = Object.fromEntries(customers.flatMap(([id], i) => (i % 3 === 1 ? [[id, lapsed]] : [])))
    for (const pastMembers of [returning, {}]) {
      bench.published = {
        ...later,
        pastMembers,
        state: { ...later.state, newestNumber: Object.keys(pastMembers).length },
      }
      const back = await validate(bench, third, customers)
      expect(keyOf(back, customers[1]![0])).toBe(lapsed)
      expect(back.validation.segments.find(({ segmentKey }) => segmentKey === lapsed)).toMatchObject({
        ...{ status: 'returned', isNew: false },
      })
      expect(back.validation.lineage.find(({ toSegmentKey }) => toSegmentKey === lapsed)).toMatchObject({
        ...{ fromSegmentKey: null, kind: 'returned' },
      })
    }
  })
})
