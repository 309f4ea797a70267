import { describe, expect, it } from 'vitest'
import { planOf, threeGroups } from './candidate-bench.ts'
import { firstPlan, fixedCount, keyOf, openBench, publish, secondPlan, validate } from './validated-candidate.ts'

const bench = await openBench()

describe('validateAgainstPublished, after an edit of the definition', { timeout: 60_000 }, () => {
  it('calls every move definition when the live model knows other features, or none of ours made it', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    const members = { ...bench.published.members, [before[0]![0]]: keyOf(first, before[1]![0]) as string }
    const { live, segments } = bench.published.state
    bench.published = {
      ...bench.published,
      members,
      state: { live: { ...live!, model: null }, segments, newestNumber: 0 },
    }
    const { rows } = await validate(bench, secondPlan, before)
    expect(rows.find((row) => row.customer_id === before[0]![0])).toMatchObject({ move_reason: 'definition' })
  })

  it('calls every move definition when a feature covers another time span than in the live model', async () => {
    const before = threeGroups(40)
    const first = await validate(bench, firstPlan, before)
    publish(bench, firstPlan, first)
    const members = { ...bench.published.members, [before[0]![0]]: keyOf(first, before[1]![0]) as string }
    const { live, segments } = bench.published.state
    bench.published = {
      ...bench.published,
      members,
      state: { live: { ...live!, publicationId: 9 }, segments, newestNumber: 0 },
    }
    const reasonIn = async (features: unknown): Promise<unknown> => {
      const plan = planOf({ ...fixedCount, runKey: 'shop@2026-10-01', features })
      const { rows } = await validate(bench, plan, before)
      return rows.find((row) => row.customer_id === before[0]![0])!.move_reason
    }
    expect(await reasonIn(['recency', 'frequency', 'monetary'])).toBe('behaviour')
    expect(await reasonIn(['recency', 'frequency', { monetary: { window: '6 months' } }])).toBe('definition')
  })
})
