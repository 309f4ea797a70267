import { describe, expect, it } from 'vitest'
import { backTest } from '../../../../src/stages/cluster/predictive/back-test.ts'
import { bandClusters, placeInBands } from '../../../../src/stages/cluster/predictive/bands.ts'
import { daysOf } from '../../../../src/run/time-span.ts'
import { fitPredictive, forecastCustomers } from '../../../../src/stages/cluster/predictive/fit.ts'
import { forecastCandidates } from '../../../../src/stages/cluster/predictive/forecast-candidates.ts'
import { chooseInputs } from '../../../../src/stages/cluster/predictive/inputs.ts'
import { reasonsOf } from '../../../../src/stages/cluster/predictive/reasons.ts'
import { scoresOf } from '../../../../src/stages/cluster/predictive/scores.ts'
import { calculate, columnsOf, configOf, sampleOfRows } from './sample.ts'

type Row = readonly (number | null)[]

const fit = (rows: readonly Row[], settings: object = {}, hasNeverBought = false) =>
  fitPredictive(configOf(settings), sampleOfRows(rows), hasNeverBought, null, calculate)

describe('the fallback by the own gap', () => {
  // By hand: gaps are (t_x + typical) ÷ (x + 1), the typical one 60 ÷ 3 = 20 days. Alive halves with every two gaps.
  const rows: readonly Row[] = [
    [3, 60, 100, 10],
    [0, 0, 40, null],
  ]

  it('is used, and said, when too few customers came back', async () => {
    const parameters = await fit(rows, { horizon: '20 days' })
    expect(parameters.purchases.fit.status).toBe('tooFew')
    expect(parameters.note).toBe(
      'BG/NBD was not fitted: 1 customers came back, and at least 50 are wanted. Forecasts follow the own gap between purchases instead. ' +
        'Gamma-gamma was not fitted: 1 customers came back, and at least 50 are wanted. A purchase counts the own mean instead.',
    )
    const forecast = await forecastCustomers(columnsOf(rows), parameters, parameters, calculate)
    // 40 days since the last purchase are two gaps of (60 + 20) ÷ 4 = 20 days, and two of 20 ÷ 1.
    expect([...forecast.alive]).toEqual([0.5, 0.5].map((value) => expect.closeTo(value, 12)))
    // ∫ over 20 days of 0.5 · 2^(−t ÷ 40) ÷ 20 dt = 0.5 · 2 ÷ ln 2 · (1 − 2^(−1 ÷ 2)).
    expect(forecast.purchases[0]).toBeCloseTo((1 - Math.SQRT1_2) / Math.LN2, 12)
    // Who never came back is worth what repeat buyers spend.
    expect([...forecast.spend]).toEqual([10, 10])
  })

  it('expects nothing when nobody ever came back, and takes the horizon for the gap', async () => {
    const once: readonly Row[] = [
      [0, 0, 40, null],
      [0, 0, 0, null],
    ]
    const parameters = await fit(once, { horizon: '20 days' })
    const forecast = await forecastCustomers(columnsOf(once), parameters, parameters, calculate)
    expect([...forecast.alive]).toEqual([expect.closeTo(0.5, 12), 1])
    expect([...forecast.purchases]).toEqual([0, 0])
    expect([...scoresOf(forecast, null).lifetime_value]).toEqual([0, 0])
  })

  it('serves a single customer', async () => {
    const parameters = await fit([[2, 30, 45, 12]])
    expect(parameters.purchases.fit).toMatchObject({ status: 'tooFew', rowCount: 1, parameters: null })
    expect(JSON.parse(JSON.stringify(parameters))).toEqual(parameters)
  })

  it('takes over when the likelihood has no maximum', async () => {
    const alike = Array.from({ length: 100 }, (): Row => [10, 100, 100, 7])
    const parameters = await fit(alike)
    expect(parameters.purchases.fit.status).toBe('atBound')
    expect(parameters.note).toContain('its likelihood grows without an end')
    const { alive } = await forecastCustomers(columnsOf(alike), parameters, parameters, calculate)
    expect(alive[0]).toBe(1)
  })

  it('is refused where the pipeline says fail', async () => {
    await expect(fit(rows, { fallback: 'fail' })).rejects.toMatchObject({
      type: 'ModelNotFitted',
      retry: 'give-up',
      message: expect.stringContaining('Set cluster.fallback to ownGap') as string,
    })
  })
})

describe('the evidence for a forecast', () => {
  it('names what was forecast by, how the fit ended, and the naive forecast it was tested against', async () => {
    const parameters = await fit([
      [3, 60, 100, 10],
      [0, 0, 40, null],
    ])
    const [alone] = forecastCandidates(parameters, 9)
    expect(alone).toMatchObject({
      ...{ method: 'ownGap', clusterCount: 9, chosen: true, inertia: null, logLikelihood: null, backTestError: null },
      reason: expect.stringMatching(/^BG\/NBD was not fitted.* Not tested: /) as string,
    })
    const errors = (rootMeanSquare: number) => ({ expected: 9.6, actual: 12, meanAbsolute: 1, rootMeanSquare })
    const purchases = { model: errors(1.73), naive: errors(1.94) }
    const tested = { ...parameters, backTest: { purchases } as unknown as typeof parameters.backTest }
    const [chosen, naive] = forecastCandidates(tested, 9)
    expect(chosen!.reason).toContain(
      'Over the last 90 days it was nearer than a naive forecast (1.73 against 1.94 purchases a customer); 10 purchases were expected, 12 happened.',
    )
    expect([chosen!.backTestError, naive!.backTestError]).toEqual([1.73, 1.94])
    expect(naive).toMatchObject({ method: 'naive', chosen: false })
  })
})

describe('impossible histories', () => {
  it.each([
    [[1, 0, 5, 3], 'there are repeat purchases, but none later than the first'],
    [[2, 9, 5, 3], 'the last purchase lies after the end of observation'],
    [[0, 2, 5, null], 'there is a last purchase after the first, but no repeat purchase'],
    [[1.5, 2, 5, 3], 'repeat purchases are no whole number from 0'],
    [[null, 2, 5, 3], 'a number is missing'],
  ] as const)('%j fail, with the names of the features', async (row, why) => {
    const failed = fit([[0, 0, 9, null], row], { inputs: { purchaseAge: 'my_age' } })
    await expect(failed).rejects.toMatchObject({ type: 'HistoriesImpossible' })
    await expect(failed).rejects.toThrow(why)
    await expect(failed).rejects.toThrow(`my_age ${row[1]}`)
  })
})

describe('customers who never bought', () => {
  it('have no scores, no reasons, and a segment of their own where the population has them', async () => {
    const rows: readonly Row[] = [
      [2, 30, 45, 12],
      [null, null, null, null],
      [0, 0, 3, null],
    ]
    const parameters = await fit(rows, {}, true)
    const forecast = await forecastCustomers(columnsOf(rows), parameters, parameters, calculate)
    const scores = scoresOf(forecast, null)
    expect(scores.p_alive[1]).toBeNaN()
    const placed = placeInBands(scores, parameters)
    const clusters = bandClusters(parameters)
    expect(clusters[placed.cluster[1]!]).toMatchObject({ ownKey: 'never-bought', name: 'Never bought' })
    expect([placed.confidence[1], placed.nextCluster[1]]).toEqual([NaN, -1])
    expect(reasonsOf(forecast, parameters.typical).map(({ label }) => label[1])).toEqual([-1, -1, -1])
  })

  it('count as lost where it has none', async () => {
    const parameters = await fit([[2, 30, 45, 12]])
    const unknown = columnsOf([[null, null, null, null]])
    const forecast = await forecastCustomers(unknown, parameters, parameters, calculate)
    const { cluster } = placeInBands(scoresOf(forecast, null), parameters)
    expect(bandClusters(parameters)[cluster[0]!]!.ownKey).toBe('lost-low-value')
  })
})

describe('back-test', () => {
  const columns = columnsOf([
    [0, 0, 10, null],
    [2, 50, 100, 10],
    [9, 40, 50, 20],
  ])
  const of = (...values: number[]): Float64Array => Float64Array.from(values)
  const forecast = {
    ...{ alive: of(1, 1, 1), returns: of(0, 0, 0), lifetimePurchases: of(0, 0, 0) },
    ...{ purchases: of(0.5, 2, 4), spend: of(10, 10, 20) },
  }
  const fit = {
    status: 'tooFew',
    parameters: null,
    logLikelihood: null,
    iterations: 0,
    rowCount: 3,
    repeatRows: 2,
  } as const
  const status = { purchaseFit: fit, spendFit: fit }

  it('sums up errors of the model and of going on as before (by hand)', () => {
    const test = backTest(columns, forecast, { purchases: of(1, 0, 6), spend: of(5, 0, 100) }, 50, status)!
    // Errors −0.5, 2, −2; as before: 0, 2 × 50 ÷ 100, 9 × 50 ÷ 50.
    expect(test.purchases.model).toEqual({
      ...{ expected: 6.5, actual: 7, meanAbsolute: 1.5, rootMeanSquare: expect.closeTo(Math.sqrt(8.25 / 3), 12) },
    })
    expect(test.purchases.naive).toMatchObject({ expected: 10, meanAbsolute: 5 / 3 })
    expect(test.spend!.model).toMatchObject({ expected: 105, actual: 105, meanAbsolute: 40 / 3 })
    expect(test.byRepeatPurchases).toEqual([
      { group: '0', customers: 1, expected: 0.5, actual: 1, expectedSpend: 5, actualSpend: 5 },
      { group: '2', customers: 1, expected: 2, actual: 0, expectedSpend: 20, actualSpend: 0 },
      { group: '7+', customers: 1, expected: 4, actual: 6, expectedSpend: 80, actualSpend: 100 },
    ])
    expect(test.byForecast.map(({ group, customers }) => [group, customers])).toEqual([
      ['4', 1],
      ['7', 1],
      ['10', 1],
    ])
  })

  it('goes without spend, and without customers', () => {
    expect(backTest(columns, forecast, { purchases: of(1, 0, 6), spend: null }, 50, status)!.spend).toBeNull()
    const none = { ...forecast, purchases: of(), spend: of() }
    expect(backTest(columnsOf([]), none, { purchases: of(), spend: null }, 50, status)).toBeNull()
  })
})

describe('settings', () => {
  it.each([
    ['90 days', 90],
    ['13 weeks', 91],
    ['12 months', 365],
    ['3 years', 1095],
  ])('%s are %d days', (span, days) => {
    expect(daysOf(span)).toBeCloseTo(days, 9)
  })

  it('name the features that are missing', () => {
    const config = configOf({ by: ['risk', 'growth'], backTest: 'required' })
    expect(() => chooseInputs(config, new Set(['repeatPurchases', 'purchaseAge', 'observedAge']))).toThrow(
      'meanRepeatSpend, purchaseDays, repeatPurchases_before_90_days',
    )
  })

  it('test back only where the features for it are there', () => {
    const now = ['repeatPurchases', 'purchaseAge', 'observedAge', 'meanRepeatSpend']
    const before = now.map((name) => `${name}_before_90_days`)
    expect(chooseInputs(configOf(), new Set(now))).toMatchObject({ before: null, recentPurchases: null })
    expect(chooseInputs(configOf(), new Set([...now, ...before])).before).toEqual(before)
    expect(chooseInputs(configOf({ backTest: 'off' }), new Set([...now, ...before])).before).toBeNull()
  })
})
