import { describe, expect, it } from 'vitest'
import { adjustByCovariate } from '../../src/stats/adjust-by-covariate.ts'
import { adjustByBenjaminiHochberg, adjustByHolm } from '../../src/stats/adjust-p-values.ts'
import { acceleration, bootstrapMeans } from '../../src/stats/bootstrap-means.ts'
import { compareMeans } from '../../src/stats/compare-means.ts'
import { compareShares } from '../../src/stats/compare-shares.ts'
import { fisherExact } from '../../src/stats/fisher-exact.ts'
import { goodnessOfFit } from '../../src/stats/goodness-of-fit.ts'
import { compareEstimates, compareOddsRatios } from '../../src/stats/homogeneity.ts'
import { momentsOf } from '../../src/stats/moments.ts'
import { findableEffect, powerOfMeans, sizeForMeans } from '../../src/stats/power-of-means.ts'
import { findableRise, powerOfShares, sizeForShares } from '../../src/stats/power-of-shares.ts'

const tally = (count: number, size: number) => ({ count, size })
const control = Float64Array.of(0, 0, 12.5, 3, 0, 40, 7, 0, 22.25, 9)
const offer = Float64Array.of(0, 18, 0, 31, 12, 60, 4.5, 25, 0, 27, 11, 90)

/** Values of SciPy 1.17.1 and statsmodels 0.15.0; functions are named where they are used. */
describe('compareShares and fisherExact', () => {
  // proportions_ztest; confint_proportions_2indep(method='newcomb', compare='diff'); fisher_exact.
  it.each([
    [
      tally(15, 100),
      tally(30, 120),
      -0.007745959133436356,
      0.20182072076565782,
      1.8309508328682538,
      0.06710788204818688,
      0.09259121507417342,
    ],
    [
      tally(0, 40),
      tally(3, 45),
      -0.03126322260819725,
      0.17856601963591895,
      1.6625966565214854,
      0.09639320084244388,
      0.24369747899159666,
    ],
    [
      tally(190, 200),
      tally(400, 402),
      0.018947117423433395,
      0.08476729341611719,
      3.7227353475031353,
      0.00019707606516461876,
      0.00046549139582417124,
    ],
    [
      tally(8502, 44_700),
      tally(8279, 45_489),
      -0.013281940871914845,
      -0.00312130268876128,
      -3.164358912748191,
      0.001554249975614329,
      0.001590961583984235,
    ],
  ])('are those of statsmodels and scipy for %o and %o', (a, b, lower, upper, z, p, exact) => {
    const found = compareShares(a, b, 0.95)
    expect(found.interval.lower).toBeCloseTo(lower, 12)
    expect(found.interval.upper).toBeCloseTo(upper, 12)
    expect(found.z).toBeCloseTo(z, 10)
    expect(found.p).toBeCloseTo(p, 12)
    expect(fisherExact(a, b) / exact).toBeCloseTo(1, 9)
  })

  it.each([
    [tally(5, 10), tally(5, 10), 1],
    [tally(1, 9), tally(8, 9), 0.0033730974907445503],
    [tally(0, 5), tally(5, 5), 0.007936507936507938],
    [tally(2, 30), tally(900, 2000), 7.654525367667242e-6],
    [tally(0, 7), tally(0, 9), 1],
  ])('is the exact test of scipy for %o and %o', (a, b, p) => expect(fisherExact(a, b) / p).toBeCloseTo(1, 9))

  it('says nothing of shares of which nobody has the property', () => {
    expect(compareShares(tally(0, 10), tally(0, 12), 0.95)).toMatchObject({ difference: 0, p: 1 })
  })
})

describe('means', () => {
  it('are compared as by scipy', () => {
    // ttest_ind(equal_var=False), and its confidence_interval.
    const found = compareMeans(momentsOf(control), momentsOf(offer), 0.95)
    expect(found.difference).toBeCloseTo(13.833333333333332, 12)
    expect(found.t).toBeCloseTo(1.5601570159563891, 12)
    expect(found.freedom).toBeCloseTo(16.316159371533683, 10)
    expect(found.p).toBeCloseTo(0.1379074695495331, 10)
    expect(found.interval.lower).toBeCloseTo(-4.933522626558304, 8)
    expect(found.interval.upper).toBeCloseTo(32.60018929322497, 8)
  })

  it('that do not vary differ for certain or not at all', () => {
    const [ones, twos] = [momentsOf(Float64Array.of(1, 1, 1)), momentsOf(Float64Array.of(2, 2))]
    expect(compareMeans(ones, ones, 0.95).p).toBe(1)
    expect(compareMeans(ones, twos, 0.95)).toMatchObject({ difference: 1, p: 0 })
  })

  it('have the bootstrap intervals of scipy, to what chance leaves open', () => {
    // bootstrap(n_resamples=400000, rng=1): percentile −1.692 to 31.383, BCa −0.092 to 33.958.
    const options = { resamples: 20_000, seed: 1, confidence: 0.95 }
    const { percentile, corrected } = bootstrapMeans(control, offer, options)
    expect(Math.abs(percentile.lower - -1.692)).toBeLessThan(0.6)
    expect(Math.abs(percentile.upper - 31.383)).toBeLessThan(0.6)
    expect(Math.abs(corrected.lower - -0.092)).toBeLessThan(0.6)
    expect(Math.abs(corrected.upper - 33.958)).toBeLessThan(0.6)
    expect(bootstrapMeans(control, offer, options)).toEqual({ percentile, corrected })
    expect(bootstrapMeans(control, offer, { ...options, seed: 2 })).not.toEqual({ percentile, corrected })
    // By hand: samples alike lean to no side.
    expect(acceleration(control, control)).toBe(0)
  })

  it('are freed of what was known before as by an analysis of covariance', () => {
    // OLS of the values on arm and covariate: its slope, its coefficient of the arm, and the share of the squares that went.
    const before = Float64Array.of(1, 2, 10, 4, 0, 30, 9, 1, 20, 7, 1, 12, 3, 20, 9, 50, 8, 14, 2, 20, 9, 61)
    const arms = Int32Array.from({ length: 22 }, (_, row) => (row < 10 ? 0 : 1))
    const adjusted = adjustByCovariate(arms, 2, Float64Array.of(...control, ...offer), before)
    expect(adjusted.theta).toBeCloseTo(1.399732699114891, 10)
    expect(adjusted.varianceReduction).toBeCloseTo(0.9738018136013971, 10)
    const [a, b] = [momentsOf(adjusted.values.subarray(0, 10)), momentsOf(adjusted.values.subarray(10))]
    expect(b.mean - a.mean).toBeCloseTo(1.212410162980737, 10)
    // A covariate that is the same for all tells nothing.
    const told = adjustByCovariate(arms, 2, before, new Float64Array(22).fill(3))
    expect(told).toMatchObject({ theta: 0, varianceReduction: 0 })
  })
})

describe('tests over arms and segments', () => {
  it('finds arms of other sizes than were meant, as scipy', () => {
    // chisquare.
    expect(goodnessOfFit([44_700, 45_489], [0.5, 0.5]).chiSquare).toBeCloseTo(6.9024049496058275, 10)
    expect(goodnessOfFit([44_700, 45_489], [1, 1]).p).toBeCloseTo(0.008607987810836262, 12)
    expect(goodnessOfFit([520, 260, 220], [0.5, 0.25, 0.25]).p).toBeCloseTo(0.09071795328941247, 12)
  })

  it('finds whether odds ratios differ, as logistic regressions of statsmodels', () => {
    // GLM(Binomial) without interaction: its deviance is the statistic.
    const found = compareOddsRatios([
      [tally(20, 200), tally(40, 210)],
      [tally(15, 100), tally(12, 90)],
      [tally(60, 300), tally(110, 320)],
    ])
    expect(found.statistic).toBeCloseTo(3.9060539207750877, 9)
    expect(found).toMatchObject({ freedom: 2 })
    expect(found.p).toBeCloseTo(0.1418440647428154, 9)
  })

  it('gives no degree of freedom to a stratum that cannot tell', () => {
    expect(
      compareOddsRatios([
        [tally(0, 20), tally(0, 20)],
        [tally(3, 20), tally(5, 20)],
      ]),
    ).toMatchObject({ p: 1 })
    expect(compareOddsRatios([])).toMatchObject({ p: 1, freedom: 0 })
  })

  it('stays whole where one arm had success always and the other never', () => {
    const apart = [tally(0, 20), tally(20, 20)] as const
    const found = compareOddsRatios([apart, apart, [tally(10, 20), tally(10, 20)]])
    expect(found.p).toBeGreaterThan(0)
    expect(found.p).toBeLessThan(1e-6)
  })

  it('finds whether differences differ, as Q of statsmodels', () => {
    // combine_effects.
    const estimates = [
      [1.2, 0.5],
      [3.4, 0.8],
      [-0.5, 0.9],
      [2, 1.5],
    ] as const
    const found = compareEstimates(estimates.map(([value, standardError]) => ({ value, standardError })))
    expect(found.statistic).toBeCloseTo(11.018434144320132, 10)
    expect(found.p).toBeCloseTo(0.011626611663490112, 12)
  })

  it('adjusts for many looks as multipletests of statsmodels', () => {
    const ps = [0.01, 0.04, 0.03, 0.005, 0.8, 0.03]
    const expectAll = (found: readonly number[], wanted: readonly number[]): void =>
      found.forEach((p, at) => expect(p).toBeCloseTo(wanted[at]!, 12))
    expectAll(adjustByHolm(ps), [0.05, 0.12, 0.12, 0.03, 0.8, 0.12])
    expectAll(adjustByBenjaminiHochberg(ps), [0.03, 0.048, 0.045, 0.03, 0.8, 0.045])
    expect(adjustByHolm([])).toEqual([])
  })
})

describe('power', () => {
  const options = (alpha: number, ratio: number, power = 0.8) => ({ alpha, ratio, power })

  it.each([
    [0.1, 0.12, 3841, 1, 0.05, 0.8000165286163737],
    [0.02, 0.03, 2000, 2, 0.05, 0.6282797700118933],
    [0.5, 0.45, 500, 0.5, 0.01, 0.09897727652897342],
  ])('of shares %d and %d in %d is that of power_proportions_2indep', (a, b, size, ratio, alpha, power) =>
    expect(powerOfShares(a, b, size, { alpha, ratio })).toBeCloseTo(power, 10),
  )

  it.each([
    [0.1, 0.12, 1, 3840.847482436278],
    [0.02, 0.03, 2, 2940.460656707162],
    [0.45, 0.19, 1, 49.33446127578926],
  ])(
    'asks for the sample of samplesize_proportions_2indep_onetail between %d and %d, rounded up',
    (a, b, ratio, size) => expect(sizeForShares(a, b, options(0.05, ratio))).toBe(Math.ceil(size)),
  )

  it.each([
    [0.2, 394, 1, 0.05, 0.8005931284024347],
    [0.5, 50, 2, 0.01, 0.6097046762104334],
    [0.05, 5000, 0.25, 0.05, 0.3525180278125396],
  ])('of an effect of %d in %d is that of TTestIndPower', (effect, size, ratio, alpha, power) =>
    expect(powerOfMeans(effect, size, { alpha, ratio })).toBeCloseTo(power, 8),
  )

  it.each([
    [0.2, 1, 0.05, 0.8, 393.4056930002526],
    [0.5, 2, 0.01, 0.9, 90.38906060027665],
    [0.02, 0.25, 0.05, 0.8, 98_112.29297372045],
  ])('asks for the sample of TTestIndPower for an effect of %d, rounded up', (effect, ratio, alpha, power, size) =>
    expect(sizeForMeans(effect, options(alpha, ratio, power))).toBe(Math.ceil(size)),
  )

  it('has the smallest effect of TTestIndPower, and one of shares that it then finds', () => {
    expect(findableEffect(400, options(0.05, 1))).toBeCloseTo(0.19834055280270843, 8)
    expect(findableEffect(1000, options(0.05, 0.5))).toBeCloseTo(0.15354741703933592, 8)
    const rise = findableRise(0.1, 3841, options(0.05, 1))
    expect(powerOfShares(0.1, 0.1 + rise, 3841, options(0.05, 1))).toBeCloseTo(0.8, 9)
    expect(findableRise(0.9, 5, options(0.05, 1))).toBeNaN()
  })

  it('asks for no sample where there is no effect', () => {
    expect(sizeForShares(0.1, 0.1, options(0.05, 1))).toBe(Infinity)
    expect(sizeForMeans(0, options(0.05, 1))).toBe(Infinity)
  })
})
