import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findImpossible } from '../../src/stats/beta-geometric.ts'
import type { BetaGeometricModel, RepeatHistories } from '../../src/stats/beta-geometric.ts'
import { fitBetaGeometric } from '../../src/stats/fit-beta-geometric.ts'
import { expectedWorth, fitGammaGamma } from '../../src/stats/fit-gamma-gamma.ts'
import { haveCdnow, readCdnow } from './cdnow.ts'

const fit = (histories: RepeatHistories, model: BetaGeometricModel = 'bgNbd', leastRepeatRows = 1) =>
  fitBetaGeometric({ ...histories, model, leastRepeatRows })

function historiesOf(rows: readonly (readonly [number, number, number])[]): RepeatHistories {
  const column = (at: 0 | 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[at])
  return { repeats: column(0), lastAges: column(1), ages: column(2) }
}

describe.runIf(haveCdnow())('the models of repeat buying on CDNOW', () => {
  const cdnow = haveCdnow() ? readCdnow() : null!

  it('BG/NBD has the parameters and log-likelihood that Fader, Hardie & Lee (2005) print: .243, 4.414, .793, 2.426; −9582.4', () => {
    const { status, parameters, logLikelihood } = fit(cdnow)
    expect(status).toBe('converged')
    expect(parameters!.r).toBeCloseTo(0.243, 3)
    expect(parameters!.alpha).toBeCloseTo(4.414, 3)
    expect(parameters!.a).toBeCloseTo(0.793, 3)
    expect(parameters!.b).toBeCloseTo(2.426, 3)
    // SciPy 1.17.1, Nelder–Mead on a likelihood written apart from this one: −9582.4256.
    expect(logLikelihood).toBeCloseTo(-9582.4256, 4)
  })

  it('MBG/NBD has the parameters that SciPy 1.17.1 finds: .5248, 6.183, .8914, 1.614; −9582.1327', () => {
    const { status, parameters, logLikelihood } = fit(cdnow, 'mbgNbd')
    expect(status).toBe('converged')
    expect(parameters!.r).toBeCloseTo(0.5248, 4)
    expect(parameters!.alpha).toBeCloseTo(6.183, 3)
    expect(parameters!.a).toBeCloseTo(0.8914, 4)
    expect(parameters!.b).toBeCloseTo(1.614, 3)
    expect(logLikelihood).toBeCloseTo(-9582.1327, 4)
  })

  it('gamma-gamma has the parameters that Fader & Hardie (2013) print for 946 repeat buyers: 6.25, 3.74, 15.44', () => {
    const rows = [...cdnow.repeats.keys()].filter((row) => cdnow.repeats[row]! > 0)
    const purchases = Float64Array.from(rows, (row) => cdnow.repeats[row]!)
    const means = Float64Array.from(rows, (row) => cdnow.means[row]!)
    const { status, parameters, logLikelihood, rowCount } = fitGammaGamma({ purchases, means, leastRows: 1 })
    expect([status, rowCount]).toEqual(['converged', 946])
    expect(parameters!.p).toBeCloseTo(6.25, 2)
    expect(parameters!.q).toBeCloseTo(3.7446, 3)
    // SciPy 1.17.1 on the same rows: 15.4477 and −4055.923; the paper fitted unrounded means.
    expect(parameters!.gamma).toBeCloseTo(15.4477, 3)
    expect(logLikelihood).toBeCloseTo(-4055.923, 3)
  })

  it('does not depend on the order of the rows, bit for bit', () => {
    const order = [...cdnow.repeats.keys()].map((row) => (row * 1021) % 2357)
    const shuffled = historiesOf(order.map((row) => [cdnow.repeats[row]!, cdnow.lastAges[row]!, cdnow.ages[row]!]))
    expect(fit(shuffled)).toEqual(fit(cdnow))
  })

  it('has another α in another unit of time, and else the same parameters', () => {
    const days = (values: Float64Array): Float64Array => values.map((value) => 7 * value)
    const ofDays = fit({ repeats: cdnow.repeats, lastAges: days(cdnow.lastAges), ages: days(cdnow.ages) })
    const ofWeeks = fit(cdnow)
    expect(ofDays.parameters!.alpha).toBeCloseTo(7 * ofWeeks.parameters!.alpha, 6)
    expect(ofDays.parameters!.b).toBeCloseTo(ofWeeks.parameters!.b, 7)
  })
})

describe('fitBetaGeometric without an answer', () => {
  it('has too few rows when nobody came back, or too few did', () => {
    const once = historiesOf([
      [0, 0, 10],
      [0, 0, 20],
      [0, 0, 30],
    ])
    expect(fit(once)).toMatchObject({ status: 'tooFew', parameters: null, repeatRows: 0, rowCount: 3 })
    expect(fit(historiesOf([[2, 5, 9]]), 'bgNbd', 2)).toMatchObject({ status: 'tooFew', repeatRows: 1 })
    expect(fit(historiesOf([]))).toMatchObject({ status: 'tooFew', rowCount: 0 })
  })

  it.each([['bgNbd' as const], ['mbgNbd' as const]])(
    'says that %s has no largest likelihood when all customers are alike',
    (model) => {
      const alike = historiesOf(Array.from({ length: 200 }, () => [10, 100, 100]))
      const { status, parameters } = fit(alike, model)
      expect(status).toBe('atBound')
      expect(parameters).toBeNull()
    },
  )

  it('has one customer fail like the others, not crash', () => {
    expect(fit(historiesOf([[3, 20, 25]])).status).not.toBe('converged')
  })

  it('says that the likelihood diverges over rows that are no numbers', () => {
    expect(fit(historiesOf([[Infinity, 1, 2]]))).toMatchObject({ status: 'diverged', parameters: null })
  })
})

describe('findImpossible', () => {
  it.each([
    [[1, 0, 5], 'there are repeat purchases, but none later than the first'],
    [[1, 6, 5], 'the last purchase lies after the end of observation'],
    [[0, 3, 5], 'there is a last purchase after the first, but no repeat purchase'],
    [[-1, 3, 5], 'repeat purchases are no whole number from 0'],
    [[1.5, 3, 5], 'repeat purchases are no whole number from 0'],
    [[1, -3, 5], 'the last purchase lies before the first'],
    [[NaN, 0, 5], 'a number is missing'],
  ] as const)('names %j', (row, why) => {
    expect(findImpossible(historiesOf([[0, 0, 0], row]))).toEqual({ row: 1, why })
  })

  it('lets through what can be', () => {
    const possible = historiesOf([
      [0, 0, 0],
      [0, 0, 9],
      [1, 9, 9],
    ])
    expect(findImpossible(possible)).toBeNull()
  })
})

describe('gamma-gamma', () => {
  // PyPI Lifetimes 0.11.3, GammaGammaFitter.conditional_expected_average_profit with p 6.2488, q 3.7446, v 15.4477.
  it.each([
    [0, 0, 35.1707308],
    [1, 11.77, 18.9114199],
    [2, 22.35, 24.65857604],
    [7, 100, 96.17240359],
  ])('draws the mean of %d purchases of %d towards that of all as Lifetimes does', (purchases, mean, expected) => {
    expect(expectedWorth({ p: 6.2488, q: 3.7446, gamma: 15.4477 }, purchases, mean)).toBeCloseTo(expected, 6)
  })

  it('lies between the own mean and that of all', () => {
    const parameters = { p: 6.2488, q: 3.7446, gamma: 15.4477 }
    const overall = expectedWorth(parameters, 0, 0)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0.01, max: 1e5, noNaN: true }), (x, mean) => {
        const worth = expectedWorth(parameters, x, mean)
        expect(worth).toBeGreaterThanOrEqual(Math.min(mean, overall) * (1 - 1e-12))
        expect(worth).toBeLessThanOrEqual(Math.max(mean, overall) * (1 + 1e-12))
      }),
    )
  })

  it('has no parameters when all spend the same', () => {
    const means = new Float64Array(100).fill(20)
    const purchases = Float64Array.from(means, (_, row) => 1 + (row % 5))
    expect(fitGammaGamma({ purchases, means, leastRows: 1 })).toMatchObject({ status: 'atBound', parameters: null })
  })

  it('has too few rows below the least', () => {
    const task = { purchases: Float64Array.of(1), means: Float64Array.of(5), leastRows: 2 }
    expect(fitGammaGamma(task).status).toBe('tooFew')
  })
})
