import { describe, expect, it } from 'vitest'
import { CountsDoNotReconcile } from '../../../src/errors/counts-do-not-reconcile.ts'
import { formatFigure } from '../../../src/stages/validate/figures.ts'
import { profileFeature, profileLevels } from '../../../src/stages/validate/profile-feature.ts'
import { assertTransitionsConserve, countMoved } from '../../../src/stages/validate/transitions.ts'
import type { Transition } from '../../../src/stages/validate/validation.ts'

describe('profileFeature', () => {
  it('describes a feature within each cluster (by hand, k = 3)', () => {
    const values = Float64Array.of(1, 10, 3, NaN, 20, 2, 5)
    const clusters = Int32Array.of(0, 1, 0, 1, 1, 0, 2)
    const [low, high, single] = profileFeature(values, clusters, 3)
    expect(low).toMatchObject({ mean: 2, median: 2, p10: 1.2, nullShare: 0 })
    expect(low!.p90).toBeCloseTo(2.8, 12)
    expect(low!.populationMean).toBeCloseTo(41 / 6, 12)
    expect(low!.lift).toBeCloseTo(2 / (41 / 6), 12)
    // Rest: 10, 20, 5: mean 35/3, squared deviations 350/3; own squared deviations 2; pooled variance (2 + 350/3) / 4.
    expect(low!.effectSize).toBeCloseTo((2 - 35 / 3) / Math.sqrt((2 + 350 / 3) / 4), 12)
    expect(high).toMatchObject({ mean: 15, median: 15 })
    expect(high!.nullShare).toBeCloseTo(1 / 3, 12)
    expect(single).toMatchObject({ mean: 5, median: 5, p10: 5, p90: 5 })
  })

  it('says null for what cannot be said: empty clusters, empty features, no spread, an average of 0', () => {
    const [, empty] = profileFeature(Float64Array.of(1, 2), Int32Array.of(0, 0), 2)
    expect(empty).toMatchObject({ mean: null, median: null, nullShare: 0, effectSize: null, lift: null })
    expect(profileFeature(Float64Array.of(NaN, NaN), Int32Array.of(0, 1), 2)[0]).toMatchObject({
      mean: null,
      nullShare: 1,
      populationMean: null,
    })
    expect(profileFeature(Float64Array.of(4, 4, 4), Int32Array.of(0, 1, 1), 2)[0]).toMatchObject({
      effectSize: null,
      lift: 1,
    })
    expect(profileFeature(Float64Array.of(-1, 1), Int32Array.of(0, 1), 2)[0]).toMatchObject({ mean: -1, lift: null })
  })
})

describe('profileLevels', () => {
  it('gives the share of each level and Cohen’s h against the others (by hand, k = 3)', () => {
    const counts = [
      { cluster: 0, level: 'web', customers: 6 },
      { cluster: 0, level: null, customers: 2 },
      { cluster: 1, level: 'web', customers: 1 },
      { cluster: 1, level: 'shop', customers: 3 },
      { cluster: 2, level: null, customers: 5 },
    ]
    const [web, shop, ...others] = profileLevels({ name: 'channel', levels: ['web', 'shop'] }, counts, 3)
    expect(others).toEqual([])
    expect(web).toMatchObject({ feature: 'channel: web', unit: 'share' })
    expect(web!.profiles[0]).toMatchObject({ mean: 1, nullShare: 0.25, populationMean: 0.7, median: null })
    // 1 against 1 of 4: 2 asin 1 − 2 asin ½ = π − π/3.
    expect(web!.profiles[0]!.effectSize).toBeCloseTo((2 / 3) * Math.PI, 12)
    expect(web!.profiles[0]!.lift).toBeCloseTo(1 / 0.7, 12)
    expect(shop!.profiles[1]).toMatchObject({ mean: 0.75, nullShare: 0 })
    expect(web!.profiles[2]).toMatchObject({ mean: null, nullShare: 1, effectSize: null, lift: null })
  })
})

describe('transitions', () => {
  const transitions: Transition[] = [
    { fromSegmentKey: null, toSegmentKey: 'shop-1', moveReason: 'new', customers: 4 },
    { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-1', moveReason: null, customers: 10 },
    { fromSegmentKey: 'shop-1', toSegmentKey: 'shop-2', moveReason: 'behaviour', customers: 3 },
    { fromSegmentKey: 'shop-2', toSegmentKey: null, moveReason: 'lost', customers: 2 },
  ]

  it('sum up to both populations', () => {
    expect(() =>
      assertTransitionsConserve(transitions, { 'shop-1': 13, 'shop-2': 2 }, { 'shop-1': 14, 'shop-2': 3 }),
    ).not.toThrow()
    expect(countMoved(transitions)).toBe(3)
  })

  it('are refused when a customer is missing on either side, also of a segment nobody came from', () => {
    const candidate = { 'shop-1': 14, 'shop-2': 3 }
    expect(() => assertTransitionsConserve(transitions, { 'shop-1': 14, 'shop-2': 2 }, candidate)).toThrow(
      CountsDoNotReconcile,
    )
    expect(() => assertTransitionsConserve(transitions, { 'shop-1': 13, 'shop-2': 2, 'shop-3': 1 }, candidate)).toThrow(
      'count 0 customers of published segment shop-3, which has 1',
    )
    expect(() => assertTransitionsConserve(transitions, { 'shop-1': 13, 'shop-2': 2 }, { 'shop-1': 14 })).toThrow(
      'count 3 customers of new segment shop-2, which has 0',
    )
  })
})

describe('figures', () => {
  it('are written for people', () => {
    expect([3.1, 0.204, 0.001, -0.001, 99.999, 1_234.5, -12_345.6].map(formatFigure)).toEqual([
      '3.1',
      '0.2',
      '0',
      '0',
      '100',
      '1,235',
      '-12,346',
    ])
  })
})
