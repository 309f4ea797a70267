import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BetaGeometricModel } from '../../src/stats/beta-geometric.ts'
import { betaMean, betaNodes } from '../../src/stats/beta-mean.ts'
import { forecastPurchases, purchasesWhileAlive } from '../../src/stats/forecast-purchases.ts'
import type { ForecastTask } from '../../src/stats/forecast-purchases.ts'

const ofCdnow = {
  bgNbd: { r: 0.242594, alpha: 4.413602, a: 0.79292, b: 2.425888 },
  mbgNbd: { r: 0.524838, alpha: 6.182993, a: 0.891356, b: 1.613999 },
}

/** Customers in weeks: x, t_x, T. */
const rows = [
  [0, 0, 38.86],
  [1, 1.71, 38.86],
  [2, 30.43, 38.86],
  [2, 2, 38.86],
  [7, 30, 38.86],
  [29, 38, 38.86],
  [0, 0, 0.5],
] as const

function taskOf(model: BetaGeometricModel, some: readonly (readonly number[])[], horizon: number): ForecastTask {
  const column = (at: number): Float64Array => Float64Array.from(some, (row) => row[at]!)
  return {
    ...{ model, parameters: ofCdnow[model], horizon, lifetime: 156, discountRate: 0 },
    ...{ repeats: column(0), lastAges: column(1), ages: column(2) },
  }
}

describe('forecastPurchases', () => {
  // PyPI Lifetimes 0.11.3 (SciPy 1.17.1): conditional_probability_alive and conditional_expected_number_of_purchases_up_to_time with these
  // parameters. The third customer is that of the paper: 1.226 purchases in 39 weeks.
  it.each([
    {
      model: 'bgNbd' as const,
      alive: [
        1, 0.21223123934141566, 0.7266086016869494, 0.05635966635989265, 0.6691026814424215, 0.9552259942257563, 1,
      ],
      quarter: [
        0.0698114600717, 0.0746992778784, 0.4571556056258, 0.0354594445315, 1.3335940571576, 7.5860056842916,
        0.48976299639,
      ],
      half: [
        0.1947815510066, 0.2032539970378, 1.2259054166023, 0.095087809459, 3.4791789984112, 19.4527698746252,
        1.1109968491333,
      ],
      threeYears: [
        0.6251059105781, 0.6100966692297, 3.5517678285352, 0.2754941922505, 9.5031403981443, 51.4755711732973,
        2.599288548044,
      ],
    },
    {
      model: 'mbgNbd' as const,
      alive: [
        0.38971631499475, 0.1708196534867577, 0.7061262655318336, 0.05183637159362445, 0.6502749703560288,
        0.9510749775764646, 0.6348111879631,
      ],
      quarter: [
        0.0560270847827, 0.0703092778201, 0.4768382997641, 0.0350044581305, 1.2837652199628, 7.265780323312,
        0.4956981126466,
      ],
      half: [
        0.1539536568135, 0.1887892824393, 1.2626708300817, 0.0926920262614, 3.3073661888826, 18.3828387889698,
        1.1069842033489,
      ],
      threeYears: [
        0.4728418577966, 0.5459200041374, 3.5313746991339, 0.2592364284917, 8.7234361358815, 46.893550883969,
        2.4677925494467,
      ],
    },
  ])('of $model are those of Lifetimes', ({ model, alive, quarter, half, threeYears }) => {
    const within = (values: Float64Array, expected: readonly number[]): void => {
      expect(values).toHaveLength(expected.length)
      values.forEach((value, row) => expect(value / expected[row]! - 1, String(row)).toBeCloseTo(0, 9))
    }
    within(forecastPurchases(taskOf(model, rows, 13)).alive, alive)
    within(forecastPurchases(taskOf(model, rows, 13)).purchases, quarter)
    within(forecastPurchases(taskOf(model, rows, 39)).purchases, half)
    within(forecastPurchases(taskOf(model, rows, 13)).lifetimePurchases, threeYears)
  })

  // mpmath 1.3.0, 30 digits: e^(−δL) E(L) + δ ∫ e^(−δt) E(t) dt with E in closed form (2F1), r .25, α 30, a .8, b 2.4 in days, δ = ln 1.1 ÷ 365, L 1095.
  it('discount the purchases of a lifetime at the moment of each', () => {
    const parameters = { r: 0.25, alpha: 30, a: 0.8, b: 2.4 }
    const history = { repeats: Float64Array.of(2), lastAges: Float64Array.of(213), ages: Float64Array.of(272) }
    const of = (model: BetaGeometricModel): number => {
      const discountRate = Math.log(1.1) / 365
      const { alive, lifetimePurchases } = forecastPurchases({
        ...{ model, parameters, horizon: 90, lifetime: 1095, discountRate },
        ...history,
      })
      return lifetimePurchases[0]! / alive[0]!
    }
    expect(of('bgNbd')).toBeCloseTo(4.34551395547176, 6)
    expect(of('mbgNbd')).toBeCloseTo(4.60087788768835, 6)
  })

  // By hand: r 1, α 1, T 0, horizon 1, and alive for sure: a first purchase is away with (1 ÷ 2)^1.
  it('know the chance of a purchase in the horizon', () => {
    const parameters = { r: 1, alpha: 1, a: 1, b: 1 }
    const history = { repeats: Float64Array.of(0), lastAges: Float64Array.of(0), ages: Float64Array.of(0) }
    const task = { model: 'bgNbd', parameters, horizon: 1, lifetime: 10, discountRate: 0, ...history } as const
    expect(forecastPurchases(task).returns[0]).toBeCloseTo(0.5, 15)
    // MBG/NBD: dead after the first purchase with odds a ÷ b = 1.
    expect(forecastPurchases({ ...task, model: 'mbgNbd' }).returns[0]).toBeCloseTo(0.25, 15)
  })
})

describe('purchasesWhileAlive', () => {
  // mpmath 1.3.0, 60 digits: c ÷ (a − 1) · (1 − (late ÷ (late + time))^shape · hyp2f1(shape, alive; c; time ÷ (late + time))), c = a + alive − 1.
  it.each([
    [2.2426, 43.27, 0.7929, 4.4258, 39, 1.6872859872751573],
    [0.5, 10, 1, 2, 39, 1.1416836427523651],
    [0.5, 10, 1.000000001, 2, 39, 1.1416836423647572],
    [3, 10, 0.9999999, 0.3, 400, 2.4315654035421925],
    [0.25, 4.4, 0.01, 0.05, 1000, 45.32166602901048],
    [1.3, 0.5, 50, 2, 39, 1.0370728790809016],
    [20.3, 5, 80, 900, 100, 12.392404954461153],
    [0.3, 30, 5, 0.2, 3000, 0.7825110202379217],
    [7.2, 2, 2.5, 40, 2000, 27.65142974740228],
    [0.01, 1, 300, 700, 5, 0.03041420226596539],
    [0.25, 0.001, 0.8, 2.5, 1095, 77.17675293495283],
    [200.5, 50, 1.5, 0.7, 1095, 2.374332127739176],
    [0.3, 30, 1e-4, 1e-4, 90, 0.620091941289749],
    [0.3, 30, 1e4, 1e4, 90, 0.48068944167062],
    [0.3, 30, 1e-4, 1e4, 90, 0.899999982454035],
    [0.3, 30, 1e4, 1e-4, 90, 0.340246046531686],
  ])(
    'of shape %d, late %d, a %d, alive %d in %d is that of the closed form',
    (shape, late, a, alive, time, expected) => {
      expect(purchasesWhileAlive(betaNodes(a, alive), shape, late, time) / expected).toBeCloseTo(1, 9)
    },
  )

  it('is nothing in no time', () => {
    expect(purchasesWhileAlive(betaNodes(0.8, 2.4), 0.25, 4, 0)).toBe(0)
  })
})

describe('betaMean', () => {
  it('has the moments of the beta distribution', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [2, 3],
      [40, 0.1],
      [300, 700],
    ] as const) {
      const nodes = betaNodes(a, b)
      // a ÷ (a + b); a (a + 1) ÷ ((a + b)(a + b + 1)).
      expect(betaMean(nodes, (p) => p)).toBeCloseTo(a / (a + b), 12)
      expect(betaMean(nodes, (p) => p * p)).toBeCloseTo((a * (a + 1)) / ((a + b) * (a + b + 1)), 10)
    }
  })
})

const parameter = fc.double({ min: -5, max: 5, noNaN: true }).map(Math.exp)
const history = fc
  .tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.double({ min: 0.001, max: 1000, noNaN: true }),
    fc.double({ min: 0, max: 1000, noNaN: true }),
  )
  .map(([x, last, wait]) => (x === 0 ? [0, 0, wait] : [x, last, last + wait]))
const cases = fc.record({
  model: fc.constantFrom('bgNbd' as const, 'mbgNbd' as const),
  parameters: fc.record({ r: parameter, alpha: parameter, a: parameter, b: parameter }),
  row: history,
  horizon: fc.double({ min: 0.1, max: 2000, noNaN: true }),
})

describe('any forecast', () => {
  const forecast = (
    model: BetaGeometricModel,
    parameters: ForecastTask['parameters'],
    row: readonly number[],
    horizon: number,
  ) => forecastPurchases({ ...taskOf(model, [row], horizon), parameters, lifetime: 2 * horizon, discountRate: 0.001 })

  it('has chances from 0 to 1, and no more of a purchase than of being alive', () => {
    fc.assert(
      fc.property(cases, ({ model, parameters, row, horizon }) => {
        const { alive, returns, purchases } = forecast(model, parameters, row, horizon)
        expect(alive[0]).toBeGreaterThanOrEqual(0)
        expect(alive[0]).toBeLessThanOrEqual(1)
        expect(returns[0]).toBeGreaterThanOrEqual(0)
        expect(returns[0]).toBeLessThanOrEqual(alive[0]!)
        // At least one purchase is expected no less often than it is made.
        expect(purchases[0]).toBeGreaterThanOrEqual(returns[0]! * (1 - 1e-7))
      }),
    )
  })

  it('holds a customer for less alive, the longer ago the last purchase was', () => {
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        ({ model, parameters, row, horizon }, later) => {
          const [x, last, age] = row as [number, number, number]
          fc.pre(x > 0)
          const now = forecast(model, parameters, row, horizon).alive[0]!
          const then = forecast(model, parameters, [x, last, age + later], horizon).alive[0]!
          expect(then).toBeLessThanOrEqual(now)
          if (now < 0.999 && now > 1e-200) expect(then).toBeLessThan(now)
        },
      ),
    )
  })

  it('expects more purchases in a longer horizon, and fewer when they are discounted', () => {
    fc.assert(
      fc.property(cases, ({ model, parameters, row, horizon }) => {
        const short = forecast(model, parameters, row, horizon)
        const long = forecast(model, parameters, row, 2 * horizon)
        expect(short.purchases[0]).toBeGreaterThanOrEqual(0)
        expect(long.purchases[0]! * (1 + 1e-7)).toBeGreaterThanOrEqual(short.purchases[0]!)
        expect(short.lifetimePurchases[0]).toBeLessThanOrEqual(long.purchases[0]! * (1 + 1e-6))
      }),
    )
  })
})
