import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { featuresConfig } from '../../../src/stages/features/config.ts'
import { fitTaskOf, forecastFigures, historiesOf } from '../../../src/stages/features/forecast-feature.ts'
import { columnsToMake, forecastNotesOf } from '../../../src/stages/features/made-feature.ts'
import type { MadeFeature } from '../../../src/stages/features/made-feature.ts'
import { makeValues } from '../../../src/stages/features/made-values.ts'
import type { MakingCalculations } from '../../../src/stages/features/made-values.ts'
import { resolveFeatures } from '../../../src/stages/features/resolve-features.ts'
import type { FeatureColumns } from '../../../src/stages/features/transform.ts'
import { fitRepeatBuying } from '../../../src/stats/fit-repeat-buying.ts'
import { forecastRepeatBuying } from '../../../src/stats/forecast-repeat-buying.ts'
import { openSession } from '../engine-session.ts'
import { haveCdnowLines, readCdnowLines } from './cdnow-lines.ts'
import { featuresOf } from './feature-rows.ts'

const requested = [
  'pAlive',
  { expectedPurchases: { horizon: '39 weeks' } },
  { expectedSpend: { horizon: '39 weeks' } },
  { lifetimeValue: { lifetime: '3 years', discount: 0 } },
]
const specsOf = (config: readonly unknown[]) => resolveFeatures(featuresConfig.parse(config))
/** In this thread; it counts the forecasts. */
function counting(): MakingCalculations & { count: number } {
  const calculations = {
    count: 0,
    forecastRepeatBuying: (task: Parameters<typeof forecastRepeatBuying>[0]) => {
      calculations.count += 1
      return Promise.resolve(forecastRepeatBuying(task))
    },
  }
  return calculations
}

function fitAll(config: readonly unknown[], columns: FeatureColumns): readonly MadeFeature[] {
  return specsOf(config).map((spec) => {
    const models = fitRepeatBuying({ ...fitTaskOf(spec), histories: historiesOf(columns) })
    return { name: spec.column, feature: spec.feature, by: forecastFigures(spec, models) }
  })
}

/** x, t_x, T and mean spend in the columns that features are made of. */
function columnsOf(rows: readonly (readonly (number | null)[])[]): FeatureColumns {
  const names = columnsToMake(specsOf(['pAlive']))
  return Object.fromEntries(names.map((name, at) => [name, Float64Array.from(rows, (row) => row[at] ?? NaN)]))
}

describe.skipIf(!haveCdnowLines())('forecasts as features on the CDNOW sample, at the end of its 39 weeks', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  let ids: readonly string[]
  let columns: FeatureColumns
  beforeAll(async () => {
    ;({ session, close } = await openSession())
    await readCdnowLines(session)
    const { query } = await featuresOf(session, requested, { asOf: '1997-10-01T00:00:00Z', timezone: 'UTC' })
    const names = columnsToMake(specsOf(requested)).map((name) => `"${name}"`)
    const read = await session.columns(`select customer_id, ${names.join(', ')} from (${query}) order by customer_id`)
    ids = read.columns.customer_id as readonly string[]
    columns = read.columns as unknown as FeatureColumns
  })
  afterAll(() => close())

  it('are those that Fader, Hardie & Lee (2005) give for the customer with x 2, t_x 30.43, T 38.86', async () => {
    const made = fitAll(requested, columns)
    const [alive, purchases] = await makeValues(made, columns, counting())
    const { repeats, lastAges, ages } = historiesOf(columns)
    const example = ids.findIndex((_, row) => repeats[row] === 2 && lastAges[row] === 213 && ages[row] === 272)
    // PyPI Lifetimes 0.11.3 with the published parameters: P(alive) .7266, and 1.226 purchases in 39 weeks, as the paper prints.
    expect(alive![example]).toBeCloseTo(0.7266, 3)
    expect(purchases![example]).toBeCloseTo(1.226, 2)
    // Published: 1,882 happened. Computed from the files with SciPy: 1,653.41 were expected of all customers.
    expect(purchases!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1653.41, 1)
  })

  it('have one forecast for all that look at the same span, and one fit', async () => {
    const calculate = counting()
    const made = fitAll(['pAlive', 'expectedPurchases', 'expectedSpend', 'lifetimeValue'], columns)
    const [, purchases, spend, lifetime] = await makeValues(made, columns, calculate)
    expect(calculate.count).toBe(1)
    expect(new Set(made.map(({ by }) => JSON.stringify(by.kind === 'forecast' && by.models))).size).toBe(1)
    spend!.forEach((value, row) => {
      expect(value).toBeGreaterThan(0)
      expect(lifetime![row]).toBeGreaterThan(value)
      expect(value / purchases![row]!).toBeGreaterThan(1)
    })
  })

  it('give a customer the same value whoever else is there, once the figures are known', async () => {
    const made = JSON.parse(JSON.stringify(fitAll(requested, columns))) as readonly MadeFeature[]
    const whole = await makeValues(made, columns, counting())
    const some = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(100, 117)]),
    ) as FeatureColumns
    expect(await makeValues(made, some, counting())).toEqual(whole.map((values) => values.slice(100, 117)))
    expect(whole.map((values) => values.some(Number.isNaN))).toEqual([false, false, false, false])
  })
})

describe('forecasts as features where nothing can be fitted', () => {
  it('follow the own gap between purchases, and say so', async () => {
    // By hand, as for the method: gaps are (t_x + typical) ÷ (x + 1), the typical one 60 ÷ 3 = 20 days. Alive halves with every two gaps.
    const columns = columnsOf([
      [3, 60, 100, 10],
      [0, 0, 40, null],
    ])
    const made = fitAll(['pAlive', { expectedPurchases: { horizon: '20 days' } }], columns)
    const [alive, purchases] = await makeValues(made, columns, counting())
    expect([...alive!]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)])
    expect(purchases![0]).toBeCloseTo((1 - Math.SQRT1_2) / Math.LN2, 12)
    expect(forecastNotesOf(made).pAlive).toBe(
      'BG/NBD was not fitted: 1 customers came back, and at least 50 are wanted. Forecasts follow the own gap between purchases instead. ' +
        'Gamma-gamma was not fitted: 1 customers came back, and at least 50 are wanted. A purchase counts the own mean instead.',
    )
  })

  it('do so too when the likelihood has no maximum, because all customers are alike', () => {
    const columns = columnsOf(Array.from({ length: 100 }, () => [10, 100, 100, 7]))
    expect(forecastNotesOf(fitAll(['lifetimeValue'], columns)).lifetimeValue).toContain('grows without an end')
  })

  it('expect nothing when nobody ever came back', async () => {
    const columns = columnsOf([[0, 0, 40, null]])
    const [purchases, value] = await makeValues(
      fitAll(['expectedPurchases', 'lifetimeValue'], columns),
      columns,
      counting(),
    )
    expect([purchases![0], value![0]]).toEqual([0, 0])
  })

  it('are null for a customer without any order', async () => {
    const columns = columnsOf([
      [2, 30, 45, 12],
      [null, null, null, null],
    ])
    for (const values of await makeValues(fitAll(requested, columns), columns, counting())) {
      expect(values[0]).not.toBeNaN()
      expect(values[1]).toBeNaN()
    }
  })
})
