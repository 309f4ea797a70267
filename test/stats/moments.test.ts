import { describe, expect, it } from 'vitest'
import { cohensD } from '../../src/stats/cohens-d.ts'
import { mergeMoments, momentsOf } from '../../src/stats/moments.ts'
import { quantileSorted } from '../../src/stats/quantile.ts'

describe('momentsOf', () => {
  it('skips NaN (by hand)', () => {
    expect(momentsOf(Float64Array.of(2, NaN, 4, 9))).toEqual({ count: 3, mean: 5, squaredDeviations: 26 })
  })

  it('has no mean without values, and no spread with one or with constants', () => {
    expect(momentsOf(Float64Array.of(NaN))).toEqual({ count: 0, mean: NaN, squaredDeviations: 0 })
    expect(momentsOf(Float64Array.of(7))).toEqual({ count: 1, mean: 7, squaredDeviations: 0 })
    expect(momentsOf(Float64Array.of(7, 7)).squaredDeviations).toBe(0)
  })

  it('merges disjoint groups to the moments of all', () => {
    const merged = mergeMoments(momentsOf(Float64Array.of(1, 2, 6)), momentsOf(Float64Array.of(10, 11)))
    expect(merged).toEqual(momentsOf(Float64Array.of(1, 2, 6, 10, 11)))
    expect(mergeMoments(momentsOf(new Float64Array()), merged)).toEqual(merged)
    expect(mergeMoments(merged, momentsOf(new Float64Array()))).toEqual(merged)
  })
})

describe('cohensD', () => {
  it('is the difference of means over the pooled deviation (by hand: means 4 and 2, pooled variance 1)', () => {
    const a = momentsOf(Float64Array.of(3, 4, 5))
    const b = momentsOf(Float64Array.of(1, 2, 3))
    expect(cohensD(a, b)).toBe(2)
    expect(cohensD(b, a)).toBe(-2)
  })

  it('is not a number without spread or without a second group', () => {
    const constant = momentsOf(Float64Array.of(1, 1))
    expect(cohensD(constant, momentsOf(Float64Array.of(2, 2)))).toBeNaN()
    expect(cohensD(constant, momentsOf(new Float64Array()))).toBeNaN()
    expect(cohensD(momentsOf(Float64Array.of(1)), momentsOf(Float64Array.of(2)))).toBeNaN()
  })
})

describe('quantileSorted', () => {
  it('interpolates as numpy.quantile does by default', () => {
    const sorted = Float64Array.of(1, 2, 4, 8)
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantileSorted(sorted, share))).toEqual([
      1,
      1.75,
      3,
      expect.closeTo(6.8, 12),
      8,
    ])
  })

  it('is the value itself with one value, and not a number without', () => {
    expect(quantileSorted(Float64Array.of(3), 0.1)).toBe(3)
    expect(quantileSorted(new Float64Array(), 0.5)).toBeNaN()
  })
})
