import { describe, expect, it } from 'vitest'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import { keyOf, openBench, publish, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const customers = threeGroups(40)
// Of threeGroups: 0 is rich, 1 lapsed, 3 rich.
const [rich, lapsed, other] = [customers[0]![0], customers[1]![0], customers[3]![0]]
const cluster = { count: 3 }
const said = (customer: string, segment: string, expires?: string) => ({
  ...{ customer, segment, reason: 'Signed a contract', author: 'anna' },
  ...(expires === undefined ? {} : { expires }),
})
const reportOf = ({ validation }: Validated): PublishedModel['overrides'] =>
  (validation.model as PublishedModel).overrides
const rowOf = ({ rows }: Validated, id: string) => rows.find((row) => row.customer_id === id)!

const bench = await openBench()

describe('overrides', { timeout: 60_000 }, () => {
  it('come before the method: segment, layer and reason are the person’s, and counts go along', async () => {
    const before = await validate(bench, planOf({ cluster }), customers)
    const [from, to] = [String(keyOf(before, rich)), String(keyOf(before, lapsed))]
    const after = await validate(bench, planOf({ cluster, overrides: [said(rich, to)] }), customers)
    expect(rowOf(after, rich)).toMatchObject({
      segment_key: to,
      next_segment_key: from,
      layer: 'override',
      confidence: null,
      distance: null,
      move_reason: 'new',
      reason_2: null,
    })
    const { outputs } = after.validation
    expect(outputs.reasons[Number(rowOf(after, rich).reason_1)]).toBe('Signed a contract')
    const size = (of: Validated, key: string): number =>
      of.validation.segments.find(({ segmentKey }) => segmentKey === key)!.customers
    expect([size(after, from), size(after, to)]).toEqual([size(before, from) - 1, size(before, to) + 1])
    expect(after.rows.filter(({ layer }) => layer === 'override')).toHaveLength(1)
    expect(reportOf(after)).toEqual({
      applied: 1,
      expired: 0,
      unknownCustomers: 0,
      conflicts: [{ fromSegmentKey: from, toSegmentKey: to, customers: 1 }],
    })
  })

  it('are told as such when they move a customer, and again when they end', async () => {
    const first = await validate(bench, planOf({ cluster }), customers)
    publish(bench, planOf({ cluster }), first)
    const [from, to] = [String(keyOf(first, rich)), String(keyOf(first, lapsed))]
    const second = planOf({ cluster, runKey: 'shop@2026-10-01', overrides: [said(rich, to, '2026-12-31')] })
    const moved = await validate(bench, second, customers)
    expect(moved.validation).toMatchObject({ moved: 1, panel: 120 })
    expect(moved.validation.transitions.filter(({ moveReason }) => moveReason !== null)).toEqual([
      { fromSegmentKey: from, toSegmentKey: to, moveReason: 'override', customers: 1 },
    ])
    expect(moved.validation.lineage.every(({ kind, overlap }) => kind === 'survived' && overlap === 1)).toBe(true)
    publish(bench, second, moved)
    const third = planOf({ cluster, runKey: 'shop@2026-12-31', overrides: second.definition.pipeline.overrides })
    const back = await validate(bench, third, customers)
    expect(rowOf(back, rich)).toMatchObject({ segment_key: from, move_reason: 'override', layer: 'cluster' })
    expect(back.rows.filter(({ move_reason }) => move_reason !== null)).toHaveLength(1)
    expect(reportOf(back)).toEqual({ applied: 0, expired: 1, unknownCustomers: 0, conflicts: [] })
  })

  it('agree with the method without a conflict, and count customers who are not there', async () => {
    const first = await validate(bench, planOf({ cluster }), customers)
    const key = String(keyOf(first, other))
    const overrides = [said(other, key), said('nobody', key)]
    const agreed = await validate(bench, planOf({ cluster, overrides }), customers)
    expect(reportOf(agreed)).toEqual({ applied: 1, expired: 0, unknownCustomers: 1, conflicts: [] })
    expect(rowOf(agreed, other)).toMatchObject({ segment_key: key, layer: 'override' })
    expect(JSON.stringify(agreed.validation)).not.toContain('nobody')
  })

  it('refuse a segment that the run does not have', async () => {
    const plan = planOf({ cluster, overrides: [said(rich, 'Whales')] })
    await expect(validate(bench, plan, customers)).rejects.toThrow('Overrides name segment "Whales"')
  })
})
