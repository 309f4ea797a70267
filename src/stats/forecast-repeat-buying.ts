import { expectedWorth } from './fit-gamma-gamma.ts'
import { buyersOf } from './fit-repeat-buying.ts'
import type { BuyingHistories, RepeatBuyingModels, SpendModel } from './fit-repeat-buying.ts'
import { forecastPurchases } from './forecast-purchases.ts'
import type { ForecastSpan, PurchaseForecast } from './forecast-purchases.ts'
import { forecastByOwnGap } from './own-gap.ts'

/** What is forecast of each unit; NaN for those who never bought. */
export interface BuyingForecast extends PurchaseForecast {
  /** What a purchase is worth. */
  readonly spend: Float64Array
}

export interface BuyingForecastTask extends ForecastSpan {
  readonly histories: BuyingHistories
  readonly models: RepeatBuyingModels
}

/** @param task rows that can have happened, see `findImpossible` */
export function forecastRepeatBuying({ histories, models, ...given }: BuyingForecastTask): BuyingForecast {
  const { rows, buyers } = buyersOf(histories)
  const { repeats, lastAges, ages, meanSpends } = buyers
  const span: ForecastSpan = { horizon: given.horizon, lifetime: given.lifetime, discountRate: given.discountRate }
  const { model, fit, typicalGap } = models.purchases
  const forecast = fit.parameters
    ? forecastPurchases({ model, parameters: fit.parameters, repeats, lastAges, ages, ...span })
    : forecastByOwnGap(buyers, typicalGap, fit.repeatRows > 0, span)
  const spread = (values: Float64Array): Float64Array => {
    const all = new Float64Array(histories.ages.length).fill(NaN)
    rows.forEach((row, i) => (all[row] = values[i]!))
    return all
  }
  return {
    alive: spread(forecast.alive),
    returns: spread(forecast.returns),
    purchases: spread(forecast.purchases),
    lifetimePurchases: spread(forecast.lifetimePurchases),
    spend: spread(repeats.map((x, i) => spendOf(models.spend, x, meanSpends[i]!))),
  }
}

function spendOf({ status, fit, meanSpend }: SpendModel, repeats: number, mean: number): number {
  const isKnown = repeats > 0 && mean > 0
  if (status === 'converged' && fit.parameters !== null)
    return expectedWorth(fit.parameters, isKnown ? repeats : 0, isKnown ? mean : 0)
  return isKnown ? mean : meanSpend
}
