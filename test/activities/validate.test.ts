import { describe, expect, it } from 'vitest'
import type { CatalogueSegment } from '../../src/ports/ledger.ts'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'
import { firstPlan, fixedCount, keyOf, openBench, publish, secondPlan, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const bench = await openBench()

describe('validateAgainstPublished, first run', { timeout: 60_000 }, () => {
  it('makes keys 1, 2, 3 in the order of cluster numbers, and everybody new', async () => {
    const first = await validate(bench, firstPlan, threeGroups(40))
    const { validation, output, rows } = first
    expect(
      validation.segments.map(({ segmentKey, cluster, isNew, status }) => [segmentKey, cluster, isNew, status]),
    ).toEqual([
      ['shop-1', 0, true, 'provisional'],
      ['shop-2', 1, true, 'provisional'],
      ['shop-3', 2, true, 'provisional'],
    ])
    expect(rows).toHaveLength(120)
    expect(new Set(rows.map(({ customer_id }) => customer_id)).size).toBe(120)
    expect(rows.every((row) => row.move_reason === 'new' && row.previous_segment_key === null)).toBe(true)
    expect(Object.keys(rows[0]!).join(' ')).toBe(
      'bucket customer_id segment_key confidence distance next_segment_key is_outlier is_holdout previous_segment_key move_reason layer reason_1 reason_2 reason_3 pull_1 pull_2 pull_3 file_row_number',
    )
    expect(validation).toMatchObject({
      verdict: 'not-computable',
      customers: 120,
      panel: 0,
      moved: null,
      comparedWith: null,
      cleanRows: 1_200,
      retiredKeys: [],
    })
    expect(validation.transitions.reduce((sum, { customers }) => sum + customers, 0)).toBe(120)
    expect(
      validation.transitions.every(({ fromSegmentKey, moveReason }) => fromSegmentKey === null && moveReason === 'new'),
    ).toBe(true)
    expect(validation.lineage.map(({ kind }) => kind)).toEqual(['appeared', 'appeared', 'appeared'])
    expect(validation.dataQuality).toHaveLength(1)
    expect(output).toMatchObject({ verdict: 'not-computable', customers: 120, panel: 0, moved: null })
    expect(output.segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(await bench.rowsOf(output.ref, 'lost')).toEqual([])
  })

  it('names segments after what sets them apart, in the currency of the source', async () => {
    const { validation } = await validate(bench, firstPlan, threeGroups(41))
    const rich = validation.segments.find(({ name }) => name.includes('igh spend') || name.startsWith('Frequent'))
    expect(rich).toBeDefined()
    expect(new Set(validation.segments.map(({ name }) => name)).size).toBe(3)
    const money = validation.profiles.filter(({ feature }) => feature === 'monetary')
    expect(money.map(({ unit }) => unit)).toEqual(['EUR', 'EUR', 'EUR'])
    expect(validation.profiles).toHaveLength(9)
    expect(money.map(({ nullShare }) => nullShare).sort()).toEqual([0, 0, expect.closeTo(1 / 41, 10)])
  })

  it('contains no id of a customer in its document or summary', async () => {
    const { validation, output } = await validate(bench, firstPlan, threeGroups(42, 'secret-'))
    expect(JSON.stringify(validation) + JSON.stringify(output)).not.toContain('secret-')
  })

  it('marks the same customers as holdout each time, about as many as asked', async () => {
    const plan = planOf({ ...fixedCount, holdout: { share: 0.1, by: 'customer' } })
    const all = await validate(bench, plan, threeGroups(200))
    const some = await validate(bench, plan, threeGroups(200).slice(0, 450))
    const holdout = ({ rows }: Validated): unknown[] =>
      rows.filter((row) => row.is_holdout).map((row) => row.customer_id)
    expect(holdout(all).length).toBeGreaterThan(35)
    expect(holdout(all).length).toBeLessThan(85)
    const present = new Set(some.rows.map((row) => row.customer_id))
    expect(holdout(some)).toEqual(holdout(all).filter((id) => present.has(id)))
  })
})

describe('validateAgainstPublished, later runs', { timeout: 60_000 }, () => {
  it('keeps keys and names when the same customers come again', async () => {
    const first = await validate(bench, firstPlan, threeGroups(40))
    publish(bench, firstPlan, first)
    const second = await validate(bench, secondPlan, threeGroups(40))
    expect(second.validation).toMatchObject({
      verdict: 'pass',
      panel: 120,
      moved: 0,
      comparedWith: 'shop@2026-07-01~1',
      retiredKeys: [],
    })
    expect(second.validation.segments.map(({ segmentKey, name }) => [segmentKey, name])).toEqual(
      first.validation.segments.map(({ segmentKey, name }) => [segmentKey, name]),
    )
    expect(second.rows.every((row) => row.move_reason === null && row.segment_key === row.previous_segment_key)).toBe(
      true,
    )
    expect(second.validation.lineage.every(({ kind, overlap }) => kind === 'survived' && overlap === 1)).toBe(true)
  })

  it('tells new, returned, lost and changed customers apart, and conserves their counts', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first, ['z-back'])
    const rich = before[0]!
    const now: readonly Customer[] = [
      ...before.slice(3),
      // Was rich, buys like the lapsed now.
      [rich[0], 330, 1, 70],
      ['z-new', 310, 1, 65],
      ['z-back', 6, 45, 3_500],
    ]
    const second = await validate(bench, secondPlan, now)
    const reasons = Object.fromEntries(second.rows.map((row) => [String(row.customer_id), row.move_reason]))
    expect(reasons).toMatchObject({ [rich[0]]: 'behaviour', 'z-new': 'new', 'z-back': 'returned' })
    expect(Object.values(reasons).filter((reason) => reason !== null)).toHaveLength(3)
    expect((await bench.rowsOf(second.output.ref, 'lost')).map((row) => row.customer_id).sort()).toEqual([
      before[1]![0],
      before[2]![0],
    ])
    expect(second.validation).toMatchObject({ moved: 1, panel: 118, customers: 120 })
    const { transitions } = second.validation
    const sum = (side: 'fromSegmentKey' | 'toSegmentKey', key: string): number =>
      transitions.filter((one) => one[side] === key).reduce((total, { customers }) => total + customers, 0)
    for (const { segmentKey, customers } of second.validation.segments) {
      expect(sum('toSegmentKey', segmentKey)).toBe(customers)
      expect(sum('fromSegmentKey', segmentKey)).toBe(
        first.validation.segments.find((one) => one.segmentKey === segmentKey)!.customers,
      )
    }
  })

  it('calls a move boundary when the live model would have left the customer where it was', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    const [rich, lapsed] = [before[0]!, before[1]!]
    publish(bench, firstPlan, first)
    // As if the border had lain elsewhere: the customer was published in the neighbouring segment, by a model that says so.
    const members = { ...bench.published.members, [rich[0]]: keyOf(first, lapsed[0]) as string }
    const { live, segments } = bench.published.state
    const model = live!.model as PublishedModel
    const makeLive = (segmentKeys: readonly string[], revision: number): void => {
      const state = { live: { ...live!, revision, model: { ...model, segmentKeys } }, segments, newestNumber: 0 }
      bench.published = { ...bench.published, members, state }
    }
    makeLive(model.segmentKeys, 2)
    const moved = await validate(bench, secondPlan, before)
    expect(moved.rows.find((row) => row.customer_id === rich[0])).toMatchObject({
      segment_key: keyOf(first, rich[0]),
      previous_segment_key: keyOf(first, lapsed[0]),
      move_reason: 'behaviour',
    })
    const everywhere = model.segmentKeys.map(() => keyOf(first, lapsed[0]) as string)
    makeLive(everywhere, 3)
    const again = await validate(bench, secondPlan, before)
    expect(again.rows.find((row) => row.customer_id === rich[0])).toMatchObject({ move_reason: 'boundary' })
  })

  it('explains moves out of a segment that is gone: merged into another, or relabelled', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, planOf({ cluster: { count: 3 } }), before)
    publish(bench, firstPlan, first)
    const second = await validate(bench, planOf({ cluster: { count: 2 }, runKey: 'shop@2026-10-01' }), before)
    expect(second.validation.retiredKeys).toHaveLength(1)
    const [retired] = second.validation.retiredKeys
    expect(second.validation.lineage.find(({ fromSegmentKey }) => fromSegmentKey === retired)).toMatchObject({
      kind: 'absorbed',
    })
    const gone = second.rows.filter((row) => row.previous_segment_key === retired)
    expect(gone).toHaveLength(40)
    expect(gone.every((row) => row.move_reason === 'merged')).toBe(true)
    expect(second.validation).toMatchObject({ verdict: 'warn', moved: 40 })
    expect(second.validation.checks[0]).toMatchObject({ gate: 'membershipChurn', value: 1 / 3, outcome: 'warn' })
  })

  it('keeps all keys when customers outside the panel are added', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    const second = await validate(bench, secondPlan, [...before, ...threeGroups(60, 'x')])
    for (const [id] of before) expect(keyOf(second, id)).toBe(keyOf(first, id))
    expect(second.validation.segments.every(({ isNew }) => !isNew)).toBe(true)
  })

  it('never re-uses a retired key, and lets people name segments', async () => {
    const first = await validate(bench, firstPlan, threeGroups(40))
    publish(bench, firstPlan, first)
    const { live, segments } = bench.published.state
    const old = { ...segments[0]!, segmentKey: 'shop-9', status: 'retired', customers: 0 } satisfies CatalogueSegment
    const state = { live: { ...live!, model: null }, segments: [...segments, old], newestNumber: 0 }
    bench.published = { state, members: {}, former: [] }
    const named = { champions: { key: 'shop-10', note: 'loyalty programme' } }
    const plan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01', segments: named })
    const second = await validate(bench, plan, threeGroups(40))
    expect(second.validation.segments.map(({ segmentKey, status }) => [segmentKey, status])).toEqual([
      ['shop-10', 'provisional'],
      ['shop-11', 'provisional'],
      ['shop-12', 'provisional'],
    ])
    expect(second.validation.segments[0]).toMatchObject({ name: 'champions', description: 'loyalty programme' })
    expect(second.validation.checks[0]).toMatchObject({ gate: 'membershipChurn', outcome: 'not-computable' })
  })

  it('gives the same content for 1 and 3 shards, and 1 and 2 threads', async () => {
    const before = threeGroups(50)
    const now = [...before.slice(6), ...threeGroups(20, 'y')]
    publish(bench, firstPlan, await validate(bench, firstPlan, before))
    const { output } = await validate(bench, secondPlan, now)
    const other = await CandidateBench.open(1)
    try {
      other.published = bench.published
      const same = await validate(other, secondPlan, now.toReversed(), 3)
      expect(same.output.ref.contentDigest).toBe(output.ref.contentDigest)
      expect(same.rows).toHaveLength(now.length)
    } finally {
      await other.close()
    }
  })

  it('finds its validation again, also after it was published; compares anew when something else went live', async () => {
    const plan = planOf({ ...fixedCount, runKey: 'shop@2027-01-01' })
    publish(bench, firstPlan, await validate(bench, firstPlan, threeGroups(30)))
    const second = await validate(bench, plan, threeGroups(31))
    bench.reached.length = 0
    expect((await validate(bench, plan, threeGroups(31))).output).toEqual({
      ...second.output,
      seconds: expect.any(Number),
    })
    publish(bench, plan, second)
    expect((await validate(bench, plan, threeGroups(31))).output.ref).toEqual(second.output.ref)
    expect(bench.reached.filter((point) => point.includes('commit'))).toEqual([])
    publish(bench, secondPlan, second)
    expect((await validate(bench, plan, threeGroups(31))).output.ref.uri).not.toBe(second.output.ref.uri)
  })

  it('compares nothing with what is newer, unless it is a dry run', async () => {
    const customers = threeGroups(32)
    publish(bench, secondPlan, await validate(bench, secondPlan, customers))
    await expect(validate(bench, firstPlan, customers)).rejects.toMatchObject({
      type: 'OlderThanPublished',
      nonRetryable: true,
    })
    const dry = { ...firstPlan, options: { dryRun: true } }
    expect((await validate(bench, dry, customers)).output).toMatchObject({ customers: 96, moved: 0 })
  })
})
