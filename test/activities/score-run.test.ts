import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { withoutPublication } from '../../src/stages/validate/scoring-model.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'
import { keyOf, publish, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const refit = planOf({ cluster: { count: 3 }, runKey: 'shop@2026-07-01' })
const live = { publicationId: 1, modelDigest: 'of-the-live-model' }
// Another count: what the definition says of clusters counts from the next refit.
const score = planOf({ cluster: { count: 2 }, kind: 'score', runKey: 'shop@2026-07-02.score', live })

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.published = { state: { live: null, segments: [], newestNumber: 0 }, members: {}, former: [] }
})

async function publishedRefit(customers: readonly Customer[]): Promise<Validated> {
  const fitted = await validate(bench, refit, customers)
  publish(bench, refit, fitted)
  return fitted
}

const placing = ({ rows }: Validated) =>
  rows.map(({ customer_id, segment_key, confidence, distance, next_segment_key, is_outlier }) => ({
    ...{ customer_id, segment_key, confidence, distance, next_segment_key, is_outlier },
  }))

describe('a score run', { timeout: 60_000 }, () => {
  it('places the customers that the model was fitted on exactly where the fit had them', async () => {
    const customers = threeGroups(60)
    const fitted = await publishedRefit(customers)
    for (const shardCount of [1, 4]) {
      const scored = await validate(bench, score, customers, shardCount)
      expect(placing(scored)).toEqual(placing(fitted))
      expect(scored.rows.every((row) => row.move_reason === null)).toBe(true)
      expect(scored.validation).toMatchObject({
        moved: 0,
        panel: 180,
        retiredKeys: [],
        comparedWith: 'shop@2026-07-01~1',
      })
    }
  })

  it('moves customers for what they did only: nobody by borders, names or segments', async () => {
    const before = threeGroups(40)
    const fitted = await publishedRefit(before)
    const rich = before[0]!
    const now: readonly Customer[] = [
      // Was rich, buys like the lapsed now.
      [rich[0], 320, 1, 70],
      ...before.slice(3),
      ['z-new', 7, 45, 3_300],
    ]
    const { validation, rows } = await validate(bench, score, now)
    const lapsed = keyOf(fitted, before[1]![0])
    const moved = rows.flatMap(({ customer_id: id, segment_key: key, move_reason: reason }) =>
      reason === null ? [] : [[id, key, reason]],
    )
    expect(moved).toHaveLength(2)
    expect(moved).toContainEqual([rich[0], lapsed, 'behaviour'])
    expect(moved).toContainEqual(['z-new', keyOf(fitted, rich[0]), 'new'])
    expect(validation.transitions.filter(({ moveReason }) => moveReason === 'lost')).toHaveLength(2)
    expect(validation.lineage.map(({ kind }) => kind)).toEqual(['survived', 'survived', 'survived'])
  })

  it('keeps every segment as it is published, one that nobody is in any more among them, and carries the model on', async () => {
    const before = threeGroups(40)
    const fitted = await publishedRefit(before)
    const { live: published, segments } = bench.published.state
    const known = segments.map((segment, i) => ({
      ...segment,
      ...(i === 1 && { status: 'provisional' as const, criteria: 'as it was' }),
    }))
    bench.published = { ...bench.published, state: { live: published, segments: known, newestNumber: 0 } }
    const withoutLapsed = before.filter((_, i) => i % 3 !== 1)
    const { validation } = await validate(bench, score, withoutLapsed)
    const lapsed = keyOf(fitted, before[1]![0])
    expect(validation.segments.find(({ segmentKey }) => segmentKey === lapsed)).toMatchObject({
      customers: 0,
      isNew: false,
    })
    expect(
      validation.segments.map(({ segmentKey, name, description, criteria, status }) => ({
        segmentKey,
        name,
        description,
        criteria,
        status,
      })),
    ).toEqual(
      known.map(({ segmentKey, name, description, criteria, status }) => ({
        segmentKey,
        name,
        description,
        criteria,
        status,
      })),
    )
    expect(validation.retiredKeys).toEqual([])
    expect(validation.modelSelection).toEqual([])
    const [carried, fittedModel] = [validation.model, fitted.validation.model] as PublishedModel[]
    expect(withoutPublication(carried!)).toEqual(withoutPublication(fittedModel!))
    expect(carried!.segmentKeys).toEqual(fittedModel!.segmentKeys)
    expect(carried!.fittedOn).toEqual({ sizes: [40, 40, 40], outliers: expect.any(Number) as number })
  })

  it('flags customers far from all segments, counts them, and tells how far the sizes have shifted', async () => {
    const before = threeGroups(40)
    await publishedRefit(before)
    // Clamped to what the fit saw, they are rich, frequent and gone at once: like nobody.
    const strange = Array.from({ length: 40 }, (_, i): Customer => [`z${i}`, 360, 50, 3_800])
    const { validation, rows } = await validate(bench, score, [...before, ...strange])
    // A crowd of its own, and still no segment of its own.
    expect(validation.segments.map(({ segmentKey }) => segmentKey)).toEqual(
      bench.published.state.segments.map(({ segmentKey }) => segmentKey),
    )
    expect(validation.segments.some(({ isNew }) => isNew)).toBe(false)
    expect(rows.filter((row) => String(row.customer_id).startsWith('z')).every((row) => row.is_outlier)).toBe(true)
    expect(validation.checks.map(({ gate }) => gate)).toEqual([
      'membershipChurn',
      'minimumCustomers',
      'coverage',
      'rowCount',
      'sourceRowChange',
      'rejectedShare',
      'completeness',
      'newLevels',
      'outlierShare',
      'segmentShift',
    ])
    const gate = (name: string) => validation.checks.find((check) => check.gate === name)!
    const outliers = rows.filter((row) => row.is_outlier).length
    expect(gate('outlierShare')).toMatchObject({ value: outliers / 160, outcome: 'hold' })
    // By hand: 40, 40, 40 of 120 became 80, 40, 40 of 160, so one share grew from a third to a half.
    expect(gate('segmentShift').value).toBeCloseTo(1 / 6, 12)
    expect(validation.verdict).toBe('hold')
  })

  it('refuses to be compared when another publication took the place of its model', async () => {
    await publishedRefit(threeGroups(20))
    const late: RunPlan = { ...score, live: { ...live, publicationId: 7 } }
    await expect(validate(bench, late, threeGroups(20))).rejects.toMatchObject({ type: 'PublishConflict' })
  })
})
