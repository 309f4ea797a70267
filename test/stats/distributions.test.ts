import { describe, expect, it } from 'vitest'
import { noncentralStudentShare } from '../../src/stats/noncentral-student.ts'
import { normalQuantile, normalTail } from '../../src/stats/normal.ts'
import { chiSquareTail, studentQuantile, studentTail } from '../../src/stats/tails.ts'

/** Values of SciPy 1.17.1: norm, chi2, t, nct with sf, ppf and cdf. */
describe('distributions', () => {
  const expectClose = (found: number, wanted: number, tolerance = 1e-12): void =>
    expect(Math.abs(found / wanted - 1)).toBeLessThan(tolerance)

  it.each([
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1.96, 0.024997895148220435],
    [5, 2.866515718791933e-7],
    [9, 1.1285884059538324e-19],
  ])('has the normal tail of scipy above %d', (z, tail) => expectClose(normalTail(z), tail))

  it.each([
    [1e-10, -6.361340902404056],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
  ])('has the normal quantile of scipy at %d', (share, z) => expectClose(normalQuantile(share), z))

  it.each([
    [3.84, 1, 0.05004352124870519],
    [20, 10, 0.029252688076961124],
    [0.5, 3, 0.9188914116546758],
    [200, 40, 3.764893576001532e-23],
  ])('has the chi-square tail of scipy above %d with %d degrees of freedom', (value, freedom, tail) =>
    expectClose(chiSquareTail(value, freedom), tail),
  )

  it.each([
    [2, 3, 0.06966298427942152],
    [1.5, 2.7, 0.12012859519419851],
    [0.3, 1e5, 0.3820888895951688],
    [6, 40, 2.3632275663940903e-7],
    [1.96, 2e6, 0.024997964470414382],
  ])('has the tail of Student as scipy above %d with %d degrees of freedom', (value, freedom, tail) =>
    // Where freedom is large, logarithms of gamma functions that cancel take digits.
    expectClose(studentTail(value, freedom), tail, 1e-8),
  )

  it.each([
    [0.975, 3, 3.1824463052837078],
    [0.975, 1, 12.706204736174694],
    [0.95, 12.3, 1.778672546238235],
    [0.975, 1e6, 1.959966356814107],
    [0.995, 40, 2.7044592674331622],
  ])('has the quantile of Student as scipy at %d with %d degrees of freedom', (share, freedom, value) =>
    expectClose(studentQuantile(share, freedom), value, 1e-8),
  )

  it.each([
    [2, 10, 2.5, 0.30696168868908214],
    [1.97, 198, 2.8, 0.2037095902219737],
    [2.1, 18, -1.5, 0.9996425614039781],
    [1.96, 20_000, 2.8, 0.2004586323910293],
    [0.5, 5, 0, 0.6808505641795355],
  ])(
    'has the noncentral share of scipy below %d with %d degrees of freedom, shifted by %d',
    (value, freedom, by, wanted) => expectClose(noncentralStudentShare(value, freedom, by), wanted, 1e-8),
  )
})
