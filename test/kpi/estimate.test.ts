import { describe, expect, it } from 'vitest'
import { addSums, estimate, estimateDifference, noSums, subtractSums, type KpiSums } from '../../src/kpi/estimate.ts'

const sumsOf = (x: readonly number[], y: readonly number[] = x.map(() => 1)): KpiSums =>
  x.reduce((sums, value, i) => {
    const [a, b] = [BigInt(value), BigInt(y[i]!)]
    return addSums(sums, { n: 1n, x: a, y: b, xx: a * a, xy: a * b, yy: b * b })
  }, noSums)

const some = [1_200, 0, 350, 4_999, 80, 0, 1_010]
const others = [10, 20, 0, 0, 700, 30]

describe('estimate', () => {
  it('gives a ratio the interval of its linearisation over customers, as numpy and SciPy 1.16.3 compute it', () => {
    const found = estimate({ kind: 'ratio' }, sumsOf([1_200, 350, 4_999, 80, 1_010], [3, 1, 4, 1, 2]), 0.01)
    expect(found!.value).toBeCloseTo(6.944545454545455, 10)
    expect(found!.interval!.lower).toBeCloseTo(-0.16868138696159007, 9)
    expect(found!.interval!.upper).toBeCloseTo(14.057772296052498, 9)
  })

  it('says nothing of how sure it is of one customer, and nothing at all of none', () => {
    expect(estimate({ kind: 'mean' }, sumsOf([7]))).toEqual({ value: 7, interval: null })
    expect(estimate({ kind: 'mean' }, noSums)).toBeNull()
    expect(estimate({ kind: 'mean' }, sumsOf([7, 7, 7]))).toEqual({ value: 7, interval: { lower: 7, upper: 7 } })
  })

  it('loses no digit where squares of large amounts cancel out', () => {
    // Of 9 × 10^9 − 1, 9 × 10^9 and 9 × 10^9 + 1 the variance is 1: doubles would see none.
    const large = sumsOf([8_999_999_999, 9_000_000_000, 9_000_000_001])
    const { interval } = estimate({ kind: 'mean' }, large)!
    // t of 97.5 % with 2 degrees of freedom ÷ √3.
    expect((interval!.upper - interval!.lower) / 2).toBeCloseTo(4.302652729749464 / Math.sqrt(3), 5)
  })
})

describe('estimateDifference', () => {
  it('is the one of Welch for means, as SciPy 1.16.3 has it', () => {
    const found = estimateDifference({ kind: 'mean' }, sumsOf(some), sumsOf(others), 0.01)!
    expect(found.value).toBeCloseTo(9.646190476190476, 10)
    expect(found.interval.lower).toBeCloseTo(-6.934564866885307, 8)
    expect(found.interval.upper).toBeCloseTo(26.22694581926626, 8)
  })

  it('is the one of Newcombe for shares, as statsmodels 0.14.5 has it', () => {
    const of = (count: number, size: number): KpiSums =>
      sumsOf(Array.from({ length: size }, (_, i) => (i < count ? 1 : 0)))
    const found = estimateDifference({ kind: 'share' }, of(30, 50), of(20, 80))!
    expect(found.value).toBeCloseTo(0.35, 12)
    expect(found.interval.lower).toBeCloseTo(0.17654076427155643, 9)
    expect(found.interval.upper).toBeCloseTo(0.4985563332374506, 9)
  })

  it('compares a group with all but itself', () => {
    const all = sumsOf([...some, ...others])
    expect(subtractSums(all, sumsOf(some))).toEqual(sumsOf(others))
  })
})
