import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGates } from '../../../src/stages/validate/gates/check-gates.ts'
import { compareFeatures } from '../../../src/stages/validate/comparison/compare-features.ts'
import { compareKpi } from '../../../src/stages/validate/comparison/compare-kpi.ts'
import { comparePartitions } from '../../../src/stages/validate/comparison/compare-partitions.ts'
import type { ComparisonMeasure, MeasureName } from '../../../src/stages/validate/comparison/measures.ts'
import { validateConfig } from '../../../src/stages/validate/config.ts'
import { facts } from './gates/gate-facts.ts'

const match = (segmentKey: string, overlap: number) => ({
  ...{ segmentKey, overlap, isNew: false, isReturned: false, matchedBy: 'overlap' as const },
})
/** Clusters 0 to 2 by segments shop-1 to shop-3: 100 customers in both, 20 new ones, 10 lost. */
const compared = {
  overlap: {
    clusterCount: 3,
    publishedKeys: ['shop-1', 'shop-2', 'shop-3'],
    counts: Float64Array.of(40, 5, 0, 5, 20, 0, 0, 5, 25),
    sizes: [55, 30, 35],
    published: { 'shop-1': 50, 'shop-2': 33, 'shop-3': 27 },
    panel: 100,
  },
  matches: [match('shop-1', 0.8), match('shop-2', 0.57), match('shop-3', 0.83)],
  isPrimary: () => true,
  transitions: [
    { fromSegmentKey: null, toSegmentKey: 'shop-1', moveReason: 'new' as const, customers: 15 },
    { fromSegmentKey: null, toSegmentKey: 'shop-2', moveReason: 'returned' as const, customers: 5 },
    { fromSegmentKey: 'shop-1', toSegmentKey: null, moveReason: 'lost' as const, customers: 10 },
  ],
}
const find = (found: readonly ComparisonMeasure[], measure: MeasureName, subject: string | null = null) =>
  found.find((one) => one.measure === measure && one.subject === subject)

describe('what the comparison of two partitions measures', () => {
  const measured = comparePartitions(compared)

  // scikit-learn 1.9.1: adjusted_rand_score and adjusted_mutual_info_score of the hundred customers; VI = H(a) + H(b) − 2 I, by NumPy.
  it('is how they agree on the customers in both', () => {
    expect(find(measured, 'adjusted_rand')!.value).toBeCloseTo(0.621840242669363, 12)
    expect(find(measured, 'adjusted_mutual_information')!.value).toBeCloseTo(0.6012701986421697, 12)
    expect(find(measured, 'variation_of_information')!.value).toBeCloseTo(0.8344868233476044, 12)
  })

  it('is who is in both, new, came back and is lost', () => {
    const counts = ['panel', 'new', 'returned', 'lost'] as const
    expect(counts.map((measure) => find(measured, measure)!.value)).toEqual([100, 15, 5, 10])
  })

  it('is the size and share of each segment, before and now', () => {
    expect(find(measured, 'customers', 'shop-2')).toMatchObject({ value: 30, previous: 33 })
    expect(find(measured, 'share', 'shop-1')).toMatchObject({ value: 55 / 120, previous: 50 / 110 })
    expect(find(measured, 'jaccard', 'shop-3')).toMatchObject({ value: 0.83, previous: null })
  })

  it('is nothing on a first run', () => {
    expect(comparePartitions({ ...compared, overlap: { ...compared.overlap, published: {} } })).toEqual([])
  })

  it('does not depend on the numbers of clusters', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
        const { counts, sizes, ...rest } = compared.overlap
        const permuted = comparePartitions({
          ...compared,
          matches: order.map((cluster) => compared.matches[cluster]!),
          overlap: {
            ...rest,
            counts: Float64Array.from(
              order.flatMap((cluster) => Array.from(counts.subarray(3 * cluster, 3 * cluster + 3))),
            ),
            sizes: order.map((cluster) => sizes[cluster]!),
          },
        })
        for (const { measure, subject, value } of measured)
          expect(find(permuted, measure, subject)!.value).toBeCloseTo(value, 12)
      }),
    )
  })
})

describe('drift of a feature', () => {
  const before = [25, 25, 25, 25, 0, 0]

  // By hand: up to the second edge 50 % were there, and 30 % are now.
  it('has the largest difference of shares up to a value', () => {
    const found = compareFeatures([{ name: 'recency', before, now: [10, 20, 30, 40, 0, 5], isOrdered: true }])
    expect(find(found, 'feature_ks_binned', 'recency')!.value).toBeCloseTo(0.2, 12)
  })

  it('counts values beyond all that there were, on whichever side', () => {
    const found = compareFeatures([{ name: 'recency', before, now: [0, 0, 0, 0, 100, 0], isOrdered: true }])
    expect(find(found, 'feature_ks_binned', 'recency')!.value).toBe(1)
  })

  it('is told of features that grow by themselves', () => {
    const [drift] = compareFeatures([{ name: 'tenure', before, now: before, isOrdered: true, grows: true }])
    expect(drift).toMatchObject({ measure: 'feature_drift', grows: true })
  })

  it('knows no order of levels', () => {
    const found = compareFeatures([{ name: 'channel', before, now: before, isOrdered: false }])
    expect(found.map(({ measure }) => measure)).toEqual(['feature_drift'])
  })
})

describe('what moves are worth', () => {
  // By hand: of 100 + 50 + 50 that those in both spend, 50 moves from a to b; the new one's 200 is in b.
  it('is the share of the amount that is elsewhere, and the mix of the segments', () => {
    const found = compareKpi(
      {
        values: Float64Array.of(100, 50, 50, 200, NaN, -5),
        segments: Int32Array.of(0, 1, 1, 1, 0, 0),
        previous: Int32Array.of(0, 0, 1, -1, 1, 1),
      },
      ['a', 'b'],
    )
    expect(find(found, 'kpi_moved')!.value).toBe(0.25)
    expect(find(found, 'kpi_share', 'a')).toMatchObject({ value: 0.25, previous: 0.75 })
    expect(find(found, 'kpi_share', 'b')).toMatchObject({ value: 0.75, previous: 0.25 })
  })

  it('is nothing where nobody spends', () => {
    const one = { values: Float64Array.of(0), segments: Int32Array.of(0), previous: Int32Array.of(0) }
    expect(compareKpi(one, ['a'])).toEqual([])
  })
})

describe('gates of the comparison', () => {
  const measure = (
    name: MeasureName,
    value: number,
    previous: number | null = null,
    subject: string | null = null,
  ) => ({
    ...{ measure: name, subject, value, previous },
  })
  const check = (gate: string, comparison: readonly ComparisonMeasure[], validate: object = {}) =>
    checkGates(validateConfig.parse(validate), { ...facts, comparison }).find((one) => one.gate === gate)

  it('look at the feature that drifted most beyond chance', () => {
    const comparison = [
      measure('feature_drift', 0.6, 0.7, 'trend'),
      measure('feature_drift', 0.31, 0.02, 'recency'),
      measure('feature_drift', 0.12, 0.02, 'frequency'),
    ]
    expect(check('featureDrift', comparison)).toMatchObject({ value: 0.31, outcome: 'warn', threshold: 'above 0.25' })
    expect(check('featureDrift', comparison)!.message).toContain('recency drifted most, by 0.310 since')
    expect(check('featureDrift', comparison.slice(0, 1))).toMatchObject({ value: 0, outcome: 'pass' })
  })

  it('hold a feature that lies elsewhere altogether, and none that grows by itself', () => {
    const grown = { ...measure('feature_drift', 6.2, 0.02, 'tenure'), grows: true as const }
    const slipped = measure('feature_drift', 7.4, 0.02, 'monetary')
    expect(check('featureDrift', [grown, slipped])).toMatchObject({ value: 7.4, outcome: 'hold', threshold: 'above 4' })
    expect(check('featureDrift', [grown])).toMatchObject({ value: 0, outcome: 'pass' })
  })

  it('look at the segment whose size changed most, where that is more than a few customers', () => {
    const comparison = [
      measure('customers', 5, 20, 'shop-1'),
      measure('customers', 700, 500, 'shop-2'),
      measure('customers', 300, 500, 'shop-3'),
    ]
    const found = check('massChange', comparison, { massChange: { hold: { above: 0.3 } } })
    expect(found).toMatchObject({ value: 0.4, outcome: 'hold' })
    expect(found!.message).toContain('shop-2 has 700 customers, 500 in shop@2026-07-01~1 (+40.0 %).')
    expect(check('massChange', comparison.slice(0, 1))).toMatchObject({ value: 0.75, outcome: 'pass' })
    const strict = { massChange: { customers: 10, warn: { above: 0.5 } } }
    expect(check('massChange', comparison, strict)).toMatchObject({ value: 0.75, outcome: 'warn', subject: 'shop-1' })
  })

  it('look at agreement, sizes and money', () => {
    const comparison = [
      measure('adjusted_mutual_information', 0.4),
      measure('share_drift', 0.3, 0.01),
      measure('kpi_moved', 0.22),
    ]
    expect(check('agreement', comparison, { agreement: { hold: { below: 0.5 } } })).toMatchObject({ outcome: 'hold' })
    expect(check('shareDrift', comparison)).toMatchObject({ value: 0.3, outcome: 'warn' })
    expect(check('kpiMix', comparison, { kpiMix: { warn: { above: 0.2 } } })).toMatchObject({ outcome: 'warn' })
  })

  it('say nothing of money where nobody knows it, and warn where nobody knows how features lay', () => {
    expect(check('kpiMix', [])).toBeUndefined()
    expect(check('featureDrift', [])).toMatchObject({ outcome: 'not-computable', effect: 'warn' })
  })
})
