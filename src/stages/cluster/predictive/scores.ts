import type { CustomerForecast } from './forecast.ts'

/** Published names of what is forecast, with units, in order. */
export const scoreUnits = {
  p_alive: 'share',
  p_purchase: 'share',
  expected_purchases: 'count',
  expected_spend: 'money',
  lifetime_value: 'money',
  churn_risk: 'share',
  growth: 'count',
} as const
export type ScoreName = keyof typeof scoreUnits

export type Scores = Readonly<Record<ScoreName, Float64Array>>

/**
 * @param recentPurchases of the last time span as long as the horizon; null when that is not known
 * @returns NaN where there is no forecast
 */
export function scoresOf(forecast: CustomerForecast, recentPurchases: Float64Array | null): Scores {
  const { alive, returns, purchases, lifetimePurchases, spend } = forecast
  return {
    p_alive: alive,
    p_purchase: returns,
    expected_purchases: purchases,
    expected_spend: purchases.map((expected, i) => expected * spend[i]!),
    lifetime_value: lifetimePurchases.map((expected, i) => expected * spend[i]!),
    churn_risk: alive.map((chance) => 1 - chance),
    growth: purchases.map((expected, i) => (recentPurchases === null ? NaN : expected - recentPurchases[i]!)),
  }
}
