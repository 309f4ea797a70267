import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandClusters, cutsOf, placeInBands } from '../../../../src/stages/cluster/predictive/bands.ts'
import { fitPredictive } from '../../../../src/stages/cluster/predictive/fit.ts'
import type { PredictiveParameters } from '../../../../src/stages/cluster/predictive/parameters.ts'
import { reasonLabels, reasonsOf } from '../../../../src/stages/cluster/predictive/reasons.ts'
import { calculate, configOf, sampleOfRows } from './sample.ts'

describe('bands', () => {
  const bands = {
    by: ['risk', 'value'] as const,
    cuts: { risk: [0.3, 0.7], value: [10, 50], growth: [-0.5, 0.5] },
    ...{ hasNeverBought: false, horizonDays: 90 },
  }
  const scores = (risks: readonly number[], values: readonly number[]) => {
    const alive = Float64Array.from(risks, (risk) => 1 - risk)
    const empty = new Float64Array(risks.length)
    return {
      ...{ p_alive: alive, p_purchase: empty, expected_purchases: empty, expected_spend: empty, growth: empty },
      ...{ lifetime_value: Float64Array.from(values), churn_risk: Float64Array.from(risks) },
    }
  }

  it('are named for people, with a key that lasts and criteria in words', () => {
    const clusters = bandClusters(bands)
    expect(clusters.map(({ ownKey }) => ownKey)).toEqual([
      ...['active-low-value', 'active-medium-value', 'active-high-value'],
      ...['at-risk-low-value', 'at-risk-medium-value', 'at-risk-high-value'],
      ...['lost-low-value', 'lost-medium-value', 'lost-high-value'],
    ])
    expect(clusters[5]).toEqual({
      ownKey: 'at-risk-high-value',
      name: 'At risk, high value',
      criteria: 'churn risk from 30 % and below 70 %; lifetime value from 50.00',
    })
  })

  it('begin at their cut; the next one lies across the nearest border (by hand)', () => {
    const placed = placeInBands(scores([0.3, 0.68, 0.1, 0.45], [30, 49, 50, 30]), bands)
    const clusters = bandClusters(bands)
    const keys = (numbers: Int32Array): readonly string[] => [...numbers].map((number) => clusters[number]!.ownKey)
    expect(keys(placed.cluster)).toEqual([
      ...['at-risk-medium-value', 'at-risk-medium-value', 'active-high-value', 'at-risk-medium-value'],
    ])
    // The second is 0.02 of half a band of 0.2 from lost, and 1 of half a band of 20 from high value.
    expect(keys(placed.nextCluster)).toEqual([
      ...['active-medium-value', 'at-risk-high-value', 'active-medium-value', 'active-medium-value'],
    ])
    expect([...placed.confidence].map((value) => Math.round(1e6 * value) / 1e6)).toEqual([0, 0.05, 0, 0.75])
  })

  it('of value hold the shares that the pipeline asks for', () => {
    const values = Array.from({ length: 100 }, (_, i) => i)
    const config = configOf({ bands: { value: { high: 0.1, medium: 0.4 } } })
    const { value } = cutsOf(config, scores(new Array<number>(100).fill(0), values))
    expect(values.filter((one) => one >= value[1]!)).toHaveLength(10)
    expect(values.filter((one) => one >= value[0]!)).toHaveLength(40)
  })

  it('of value keep the amounts of the published model where they are anchored and mean the same', async () => {
    const rows = [60, 80, 100, 120].map((age) => [2, 50, age, age])
    const fit = (settings: object, live: PredictiveParameters | null) =>
      fitPredictive(configOf(settings), sampleOfRows(rows), false, live, calculate)
    const published = { ...(await fit({}, null)), cuts: { risk: [0.3, 0.7], value: [1, 2], growth: [-0.5, 0.5] } }
    const anchored = { value: { cuts: 'anchored' } }
    expect((await fit({ bands: anchored }, published)).cuts.value).toEqual([1, 2])
    const refitted = (await fit({}, published)).cuts.value
    expect(refitted).not.toEqual([1, 2])
    expect((await fit({ bands: anchored }, null)).cuts.value).toEqual(refitted)
    expect((await fit({ bands: { value: { cuts: 'anchored', high: 0.1 } } }, published)).cuts.value).not.toEqual([1, 2])
    expect((await fit({ bands: anchored, lifetime: '1 years' }, published)).cuts.value).not.toEqual([1, 2])
  })

  it('put equal values together', () => {
    const cuts = cutsOf(configOf(), scores([0, 0, 0], [5, 5, 5]))
    const { cluster } = placeInBands(scores([0, 0, 0], [5, 5, 5]), { ...bands, cuts })
    expect(new Set(cluster).size).toBe(1)
  })

  it('of any scores give a cluster, and a neighbour that differs in one band', () => {
    const risk = fc.double({ min: 0, max: 1, noNaN: true })
    const money = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(risk, money, (one, worth) => {
        const { cluster, nextCluster, confidence } = placeInBands(scores([one], [worth]), bands)
        expect(cluster[0]).toBeGreaterThanOrEqual(0)
        expect(cluster[0]).toBeLessThan(9)
        const [from, to] = [cluster[0]!, nextCluster[0]!]
        const rows = Math.abs(Math.floor(from / 3) - Math.floor(to / 3))
        expect(rows + Math.abs((from % 3) - (to % 3))).toBe(1)
        expect(confidence[0]).toBeGreaterThanOrEqual(0)
        expect(confidence[0]).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('reasons', () => {
  it('tell which factor of lifetime value is farthest from what is typical (by hand)', () => {
    const of = (value: number): Float64Array => Float64Array.of(value)
    const forecast = { alive: of(0.5), returns: of(0.4), purchases: of(1), lifetimePurchases: of(4), spend: of(10) }
    // 0.5 against 0.6; 8 purchases while alive against 2; 10 against 25.
    const reasons = reasonsOf(forecast, { alive: 0.6, lifetimePurchases: 2, spend: 25 })
    expect(reasons.map(({ label }) => reasonLabels[label[0]!])).toEqual([
      ...['purchases while alive', 'worth of a purchase', 'chance to be alive'],
    ])
    expect(reasons.map(({ size }) => size[0])).toEqual(
      [Math.log(4), -Math.log(2.5), -Math.log(1.2)].map((size) => expect.closeTo(size, 12)),
    )
  })
})
