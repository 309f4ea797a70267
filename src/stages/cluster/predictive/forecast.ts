import type { RepeatHistories } from '../../../stats/beta-geometric.ts'
import { expectedWorth } from '../../../stats/fit-gamma-gamma.ts'
import type { ForecastTask, PurchaseForecast } from '../../../stats/forecast-purchases.ts'
import type { BuyingColumns, CustomerForecast } from './customer-columns.ts'
import { forecastByOwnGap } from './own-gap.ts'
import type { PredictiveParameters, PurchaseModel, SpendModel } from './parameters.ts'

type Span = Pick<PredictiveParameters, 'horizonDays' | 'lifetimeDays' | 'discount'>

/** A year of money, a day. */
function discountRate({ discount }: Span): number {
  return Math.log1p(discount) / 365
}

/** The rows of customers who bought. */
export function buyersOf(columns: BuyingColumns): { rows: Int32Array; buyers: BuyingColumns } {
  const rows = Int32Array.from([...columns.ages.keys()].filter((row) => !Number.isNaN(columns.ages[row]!)))
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  const { repeats, lastAges, ages, meanSpends } = columns
  return {
    rows,
    buyers: { repeats: pick(repeats), lastAges: pick(lastAges), ages: pick(ages), meanSpends: pick(meanSpends) },
  }
}

/** The task of a fitted model; null when there is none, and the own gap takes its place. */
export function forecastTask(
  { model, fit }: PurchaseModel,
  { repeats, lastAges, ages }: RepeatHistories,
  span: Span,
): ForecastTask | null {
  if (fit.parameters === null) return null
  return {
    ...{ model, parameters: fit.parameters, repeats, lastAges, ages },
    ...{ horizon: span.horizonDays, lifetime: span.lifetimeDays, discountRate: discountRate(span) },
  }
}

/**
 * @param found of the rows of `buyers`, what the task of `forecastTask` gave; null when there was none
 */
export function customerForecast(
  columns: BuyingColumns,
  { rows, buyers }: ReturnType<typeof buyersOf>,
  found: PurchaseForecast | null,
  { purchases, spend }: { purchases: PurchaseModel; spend: SpendModel },
  span: Span,
): CustomerForecast {
  const forecast =
    found ??
    forecastByOwnGap(buyers, purchases.typicalGapDays, purchases.fit.repeatRows > 0, {
      ...{ horizonDays: span.horizonDays, lifetimeDays: span.lifetimeDays, discountRate: discountRate(span) },
    })
  const spread = (values: Float64Array): Float64Array => {
    const all = new Float64Array(columns.ages.length).fill(NaN)
    rows.forEach((row, i) => (all[row] = values[i]!))
    return all
  }
  return {
    alive: spread(forecast.alive),
    returns: spread(forecast.returns),
    purchases: spread(forecast.purchases),
    lifetimePurchases: spread(forecast.lifetimePurchases),
    spend: spread(buyers.repeats.map((x, i) => spendOf(spend, x, buyers.meanSpends[i]!))),
  }
}

function spendOf({ status, fit, meanSpend }: SpendModel, repeats: number, mean: number): number {
  const isKnown = repeats > 0 && mean > 0
  if (status === 'converged' && fit.parameters !== null)
    return expectedWorth(fit.parameters, isKnown ? repeats : 0, isKnown ? mean : 0)
  return isKnown ? mean : meanSpend
}
