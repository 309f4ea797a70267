import { describe, expect, it } from 'vitest'
import type { ComparisonMeasure } from '../../src/stages/validate/comparison/measures.ts'
import { planOf, type Customer } from './candidate-bench.ts'
import { keyOf, openBench, publish, validate, type Validated } from './validated-candidate.ts'

const bench = await openBench()

const features = [{ monetary: { transform: 'none', scale: 'none', winsorise: { lower: 0, upper: 1 } } }]
const settings = { features, cluster: { count: 2, bootstraps: 0 } }
const live = { publicationId: 1, modelDigest: 'of-the-live-model' }
/** On a line: twenty customers at 0, twenty at 10, so that the centres are 0 and 10. */
const at = (id: string, monetary: number): Customer => [id, 1, 1, monetary]
const before = Array.from({ length: 40 }, (_, i) => at(`c${String(i).padStart(2, '0')}`, i < 20 ? 0 : 10))
/** Beyond the border at 5: two of the left, one of the right. */
const moved: Readonly<Record<string, number>> = { c00: 5.2, c01: 5.6, c20: 4.9 }
const now = before.map(([id, , , monetary]) => at(id, moved[id] ?? monetary!))

const scoreWith = (minimumChange: number, more: object = {}, day = '2026-07-02') =>
  planOf({ ...settings, kind: 'score', runKey: `shop@${day}.score`, live, validate: { minimumChange }, ...more })
const rowOf = ({ rows }: Validated, id: string) => rows.find((row) => row.customer_id === id)!
const find = (
  { validation }: Validated,
  measure: string,
  subject: string | null = null,
): ComparisonMeasure | undefined =>
  validation.comparison.find((one) => one.measure === measure && one.subject === subject)

describe('minimumChange', { timeout: 60_000 }, () => {
  const publishBefore = async (): Promise<Validated> => {
    const plan = planOf(settings)
    const first = await validate(bench, plan, before)
    publish(bench, plan, first)
    return first
  }

  it('leaves customers where they were who gain too little, and says what it costs (by hand)', async () => {
    const first = await publishBefore()
    const [left, right] = [keyOf(first, 'c02'), keyOf(first, 'c22')]
    const scored = await validate(bench, scoreWith(0.1), now)
    // Of 5.2 to the old and 4.8 to the new the gain is 0.4 ÷ 5.2 = 0.077; of 5.6 and 4.4 it is 0.214; of 5.1 and 4.9 it is 0.039.
    expect(rowOf(scored, 'c00')).toMatchObject({
      ...{ segment_key: left, next_segment_key: right, layer: 'minimumChange', move_reason: null, confidence: 0 },
      ...{ distance: expect.closeTo(5.2, 9) as number, reason_1: null },
    })
    expect(rowOf(scored, 'c20')).toMatchObject({ segment_key: right, layer: 'minimumChange' })
    expect(rowOf(scored, 'c01')).toMatchObject({ segment_key: right, layer: 'cluster', move_reason: 'behaviour' })
    expect(scored.validation.moved).toBe(1)
    expect(scored.validation.segments.map(({ customers }) => customers).toSorted()).toEqual([19, 21])
    expect(find(scored, 'kept')!.value).toBe(2)
    // Distances to the nearest: 4.8, 4.4, 4.9; kept at 5.2 and 5.1 instead.
    expect(find(scored, 'kept_distance')!.value).toBeCloseTo(0.6 / 14.1, 9)
    expect(find(scored, 'kept_inertia')!.value).toBeCloseTo(6 / (4.8 ** 2 + 4.4 ** 2 + 4.9 ** 2), 9)
    expect(find(scored, 'margin_median', 'behaviour')!.value).toBeCloseTo(1.2 / 5.6, 9)
    expect(scored.validation.remarks[0]).toBe(
      '2 customers near a border were left in the old segment (validate.minimumChange): inertia is 9.0 % larger for it.',
    )
  })

  it('is off by default: everybody is where the model says', async () => {
    await publishBefore()
    const scored = await validate(
      bench,
      planOf({ ...settings, kind: 'score', runKey: 'shop@2026-07-02.score', live }),
      now,
    )
    expect(scored.validation.moved).toBe(3)
    expect(find(scored, 'kept')).toBeUndefined()
    expect(scored.rows.every(({ layer }) => layer === 'cluster')).toBe(true)
    expect((await validate(bench, scoreWith(0), now)).output.ref.contentDigest).toBe(scored.output.ref.contentDigest)
  })

  it('gives way to what people say, and holds in refits too', async () => {
    const first = await publishBefore()
    const right = String(keyOf(first, 'c22'))
    const overrides = [{ customer: 'c00', segment: right, reason: 'Signed', author: 'anna', expires: undefined }]
    const scored = await validate(bench, scoreWith(0.1, { overrides }), now)
    expect(rowOf(scored, 'c00')).toMatchObject({ segment_key: right, layer: 'override', move_reason: 'override' })
    expect(rowOf(scored, 'c20')).toMatchObject({ layer: 'minimumChange' })
    const refit = planOf({ ...settings, runKey: 'shop@2026-10-01', validate: { minimumChange: 0.5 } })
    const refitted = await validate(bench, refit, now)
    expect([...Object.keys(moved)].map((id) => keyOf(refitted, id))).toEqual(
      [...Object.keys(moved)].map((id) => keyOf(first, id)),
    )
    expect(refitted.validation.moved).toBe(0)
  })

  it('calls it a border that moved, no behaviour, when it ends and those it kept go', async () => {
    await publishBefore()
    publish(bench, planOf(settings), await validate(bench, scoreWith(0.1), now))
    const ended = await validate(bench, scoreWith(0, {}, '2026-07-03'), now)
    expect(rowOf(ended, 'c00')).toMatchObject({ move_reason: 'boundary' })
    expect(ended.validation.moved).toBe(2)
  })
})
