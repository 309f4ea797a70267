import type { BetaGeometricParameters } from '../../../stats/beta-geometric.ts'
import type { GammaGammaParameters } from '../../../stats/fit-gamma-gamma.ts'
import type { BuyingHistories } from '../../../stats/fit-repeat-buying.ts'
import type { BuyingForecast } from '../../../stats/forecast-repeat-buying.ts'
import type { LikelihoodFit } from '../../../stats/maximise-likelihood.ts'

/** Customers with so many repeat purchases are one group. */
const MOST_REPEATS = 7
const TENTHS = 10

/** A forecast against what happened, over all customers tested. */
export interface ForecastErrors {
  /** Sums over all customers. */
  readonly expected: number
  readonly actual: number
  /** Mean absolute error a customer. */
  readonly meanAbsolute: number
  /** Root of the mean squared error. */
  readonly rootMeanSquare: number
}

/** A row of a calibration table: forecasts are calibrated when expected and actual means agree in every row. */
export interface CalibrationRow {
  /** `0` to `6`, `7+`; `1` to `10` for tenths, the lowest forecasts first. */
  readonly group: string
  readonly customers: number
  /** Means a customer. */
  readonly expected: number
  readonly actual: number
  readonly expectedSpend: number | null
  readonly actualSpend: number | null
}

/** Models fitted to what was known a horizon before the as-of, against what happened since. */
export interface BackTest {
  readonly customers: number
  /** Of what was known then. */
  readonly purchaseFit: LikelihoodFit<BetaGeometricParameters>
  readonly spendFit: LikelihoodFit<GammaGammaParameters>
  readonly purchases: { readonly model: ForecastErrors; readonly naive: ForecastErrors }
  /** Null without spend in the horizon. */
  readonly spend: { readonly model: ForecastErrors; readonly naive: ForecastErrors } | null
  readonly byRepeatPurchases: readonly CalibrationRow[]
  readonly byForecast: readonly CalibrationRow[]
}

/** What customers did in the horizon that the models had not seen. */
export interface Outcome {
  readonly purchases: Float64Array
  readonly spend: Float64Array | null
}

/**
 * @param columns as they were at the cutoff, of customers who had bought by then
 * @param forecast of the same rows, made with what was known at the cutoff
 * @returns null without customers
 */
export function backTest(
  columns: BuyingHistories,
  forecast: BuyingForecast,
  outcome: Outcome,
  horizonDays: number,
  fits: Pick<BackTest, 'purchaseFit' | 'spendFit'>,
): BackTest | null {
  const count = columns.ages.length
  if (count === 0) return null
  const naive = naivePurchases(columns, horizonDays)
  const means = columns.meanSpends.map((mean, i) => (Number.isNaN(mean) ? 0 : mean * naive[i]!))
  const spend = forecast.purchases.map((purchases, i) => purchases * forecast.spend[i]!)
  const rows = (groups: readonly (readonly [string, readonly number[]])[]): readonly CalibrationRow[] =>
    groups
      .filter(([, members]) => members.length > 0)
      .map(([group, members]) => ({
        group,
        customers: members.length,
        expected: meanOver(forecast.purchases, members),
        actual: meanOver(outcome.purchases, members),
        expectedSpend: outcome.spend && meanOver(spend, members),
        actualSpend: outcome.spend && meanOver(outcome.spend, members),
      }))
  return {
    customers: count,
    ...fits,
    purchases: {
      model: errorsOf(forecast.purchases, outcome.purchases),
      naive: errorsOf(naive, outcome.purchases),
    },
    spend: outcome.spend && { model: errorsOf(spend, outcome.spend), naive: errorsOf(means, outcome.spend) },
    byRepeatPurchases: rows(groupsByRepeats(columns.repeats)),
    byForecast: rows(tenths(forecast.purchases)),
  }
}

/** Everybody goes on as before: as many a day as since the first purchase, and no more in a horizon than there were. */
function naivePurchases({ repeats, ages }: BuyingHistories, horizonDays: number): Float64Array {
  return repeats.map((x, i) => (x * horizonDays) / Math.max(ages[i]!, horizonDays))
}

function errorsOf(expected: Float64Array, actual: Float64Array): ForecastErrors {
  let [all, happened, absolute, squares] = [0, 0, 0, 0]
  for (let i = 0; i < actual.length; i++) {
    const error = expected[i]! - actual[i]!
    all += expected[i]!
    happened += actual[i]!
    absolute += Math.abs(error)
    squares += error * error
  }
  return {
    expected: all,
    actual: happened,
    meanAbsolute: absolute / actual.length,
    rootMeanSquare: Math.sqrt(squares / actual.length),
  }
}

function groupsByRepeats(repeats: Float64Array): readonly (readonly [string, readonly number[]])[] {
  const groups = Array.from({ length: MOST_REPEATS + 1 }, (): number[] => [])
  repeats.forEach((x, i) => groups[Math.min(x, MOST_REPEATS)]!.push(i))
  return groups.map((members, x) => [x === MOST_REPEATS ? `${x}+` : String(x), members])
}

/** Equal forecasts stand in the order of the rows. */
function tenths(forecasts: Float64Array): readonly (readonly [string, readonly number[]])[] {
  const order = [...forecasts.keys()].sort((a, b) => forecasts[a]! - forecasts[b]! || a - b)
  return Array.from({ length: TENTHS }, (_, tenth) => [
    String(tenth + 1),
    order.slice(Math.floor((tenth * order.length) / TENTHS), Math.floor(((tenth + 1) * order.length) / TENTHS)),
  ])
}

function meanOver(values: Float64Array, rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length
}
