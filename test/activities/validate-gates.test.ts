import { describe, expect, it } from 'vitest'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'
import { firstPlan, fixedCount, openBench, publish, secondPlan, validate } from './validated-candidate.ts'
import type { Validated } from './validated-candidate.ts'

const bench = await openBench()

describe('validateAgainstPublished, gates over what the run before was made of', { timeout: 60_000 }, () => {
  it('holds a run whose customers have a level that the live model did not know, and names it', async () => {
    const features = ['recency', 'frequency', 'monetary', 'preferredChannel']
    const withChannels = (channels: readonly string[]): readonly Customer[] =>
      threeGroups(40).map(([id, recency, frequency, monetary], index) => {
        return [id, recency, frequency, monetary, channels[index % channels.length]!]
      })
    const [first, second] = [firstPlan, secondPlan].map(({ runKey }) => planOf({ ...fixedCount, features, runKey }))
    publish(bench, first!, await validate(bench, first!, withChannels(['web', 'shop'])))
    const gateOf = ({ validation }: Validated) => validation.checks.find(({ gate }) => gate === 'newLevels')
    // By hand: the fifth of every five of 120 customers.
    const changed = await validate(bench, second!, withChannels(['web', 'shop', 'web', 'shop', 'kiosk']))
    expect(gateOf(changed)).toMatchObject({
      value: 0.2,
      outcome: 'hold',
      message:
        '24 of 120 customers (20.0 %) have a level that shop@2026-07-01~1 did not know: preferredChannel "kiosk" (24). Outcome hold: above 10 %.',
    })
    expect(gateOf(await validate(bench, second!, withChannels(['shop', 'web'])))).toMatchObject({
      value: 0,
      outcome: 'pass',
    })
  })

  it('compares the rows read of each source with those of the published run, which are kept with its model', async () => {
    const customers = threeGroups(40)
    const first = await validate(bench, firstPlan, customers)
    publish(bench, firstPlan, first)
    expect((first.validation.model as PublishedModel).sourceRows).toEqual({ orders: 1_202 })
    const gateOf = async () =>
      (await validate(bench, secondPlan, customers)).validation.checks.find(({ gate }) => gate === 'sourceRowChange')
    expect(await gateOf()).toMatchObject({ value: 0, outcome: 'pass' })
    const { state } = bench.published
    const { sourceRows: _, ...older } = state.live!.model as PublishedModel
    bench.published = { ...bench.published, state: { ...state, live: { ...state.live!, model: older } } }
    expect(await gateOf()).toMatchObject({ value: null, outcome: 'not-computable' })
  })
})
