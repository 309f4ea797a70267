import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustedRandOf } from '../../src/stats/adjusted-rand.ts'
import { contingencyTable } from '../../src/stats/contingency.ts'
import { kolmogorovSmirnov } from '../../src/stats/kolmogorov-smirnov.ts'
import { adjustedMutualInformation, variationOfInformation } from '../../src/stats/mutual-information.ts'
import { partitionOracles, smirnovOracles } from './comparison-oracles.ts'

describe('agreement of two labelings', () => {
  it.each(partitionOracles)('equals scikit-learn to 1e-9: $what', ({ a, b, ...expected }) => {
    const table = contingencyTable(Int32Array.from(a), Int32Array.from(b))
    expect(Math.abs(adjustedRandOf(table) - expected.adjustedRand)).toBeLessThan(1e-9)
    expect(Math.abs(adjustedMutualInformation(table) - expected.adjustedMutualInformation)).toBeLessThan(1e-9)
    expect(Math.abs(variationOfInformation(table) - expected.variationOfInformation)).toBeLessThan(1e-9)
  })
})

describe('kolmogorovSmirnov', () => {
  it.each(smirnovOracles)('equals scipy.stats.ks_2samp to 1e-9: $what', ({ a, b, distance }) => {
    const found = kolmogorovSmirnov(Float64Array.from(a), Float64Array.from(b))
    expect(Math.abs(found! - distance)).toBeLessThan(1e-9)
  })

  it('is null where one of the two has no values, and leaves out what is none', () => {
    expect(kolmogorovSmirnov(Float64Array.of(), Float64Array.of(1))).toBeNull()
    expect(kolmogorovSmirnov(Float64Array.of(1), Float64Array.of(NaN, NaN))).toBeNull()
    expect(kolmogorovSmirnov(Float64Array.of(1, NaN, 2), Float64Array.of(NaN, 2, 1))).toBe(0)
  })

  it('is the same both ways round, for any order, and between 0 and 1', () => {
    const sample = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const found = kolmogorovSmirnov(Float64Array.from(a), Float64Array.from(b))!
        expect(kolmogorovSmirnov(Float64Array.from(b.toReversed()), Float64Array.from(a.toReversed()))).toBe(found)
        expect(found).toBeGreaterThanOrEqual(0)
        expect(found).toBeLessThanOrEqual(1)
      }),
    )
  })
})
