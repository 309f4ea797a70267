import { describe, expect, it } from 'vitest'
import { cohensH } from '../../src/stats/cohens-h.ts'
import { minimumOf } from '../../src/stats/minimum.ts'
import { fitYeoJohnson, inverseYeoJohnson, yeoJohnson } from '../../src/stats/yeo-johnson.ts'

describe('yeoJohnson', () => {
  // scipy 1.17.1: stats.yeojohnson(value, lmbda=power).
  it.each([
    [3, 0, 1.3862943611198906],
    [3, 0.5, 2],
    [-3, 2, -1.3862943611198906],
    [-3, 0.5, -4.666666666666665],
    [0, 1.3, 0],
    [200, -0.2, 3.268865574619254],
    [-3, 1, -3],
    [7, 1, 7],
  ])('of %d with power %d is that of SciPy', (value, power, expected) => {
    expect(yeoJohnson(value, power)).toBeCloseTo(expected, 13)
  })

  // The same values of SciPy, backwards.
  it.each([
    [3, 0, 1.3862943611198906],
    [3, 0.5, 2],
    [-3, 2, -1.3862943611198906],
    [-3, 0.5, -4.666666666666665],
    [0, 1.3, 0],
    [200, -0.2, 3.268865574619254],
    [7, 1, 7],
  ])('gives %d with power %d back', (value, power, transformed) => {
    expect(inverseYeoJohnson(transformed, power)).toBeCloseTo(value, 9)
  })

  // scipy 1.17.1: stats.yeojohnson(values)[1]; scikit-learn 1.9.1: PowerTransformer().lambdas_ agrees.
  it.each([
    [[0, 1, 2, 5, 10, 50, 200], -0.21014888796302184],
    [[-50, -3, -1, 0, 0.5, 2, 2.5, 40], 1.0477754161353723],
  ])('fits the power of SciPy to %j', (values, expected) => {
    expect(fitYeoJohnson(Float64Array.from(values))).toBeCloseTo(expected, 7)
  })

  it('leaves values alone that do not differ', () => {
    expect(fitYeoJohnson(Float64Array.of(4, 4, 4))).toBe(1)
    expect(fitYeoJohnson(Float64Array.of(4))).toBe(1)
  })

  it('stays finite for values of any size', () => {
    for (const values of [
      [1e12, 2e12, 5e14],
      [-1e12, 0, 1],
      [0, 0, 0, 0, 1],
    ]) {
      const power = fitYeoJohnson(Float64Array.from(values))
      expect(values.map((value) => yeoJohnson(value, power)).every(Number.isFinite)).toBe(true)
    }
  })
})

describe('minimumOf', () => {
  it('finds the place of the least value inside and at the ends of the interval', () => {
    expect(minimumOf((x) => (x - 1.25) ** 2, -8, 8)).toBeCloseTo(1.25, 8)
    expect(minimumOf((x) => x, -2, 3)).toBeCloseTo(-2, 8)
    expect(minimumOf((x) => -x, -2, 3)).toBeCloseTo(3, 8)
    expect(minimumOf((x) => Math.abs(x - 0.3), -8, 8)).toBeCloseTo(0.3, 8)
  })
})

describe('cohensH', () => {
  it('is that of Cohen (1988), table 6.2.2: 0.5 against 0.25 is 0.524', () => {
    expect(cohensH(0.5, 0.25)).toBeCloseTo(Math.PI / 6, 12)
    expect(cohensH(0.25, 0.5)).toBeCloseTo(-Math.PI / 6, 12)
    expect(cohensH(1, 0)).toBeCloseTo(Math.PI, 12)
    expect(cohensH(NaN, 0.5)).toBeNaN()
  })
})
