import type { BuyingForecast } from '../../../stats/forecast-repeat-buying.ts'
import type { PredictiveParameters } from './parameters.ts'

/** What is forecast of a customer, with units. */
const scoreUnits = {
  p_alive: 'share',
  p_purchase: 'share',
  expected_purchases: 'count',
  expected_spend: 'money',
  lifetime_value: 'money',
  churn_risk: 'share',
  growth: 'count',
} as const
type ScoreName = keyof typeof scoreUnits

export type Scores = Readonly<Record<ScoreName, Float64Array>>

/** Those that the model gives, in the order in which they are published. */
export function publishedScores({
  hasGrowth,
}: Pick<PredictiveParameters, 'hasGrowth'>): readonly { readonly name: ScoreName; readonly unit: string }[] {
  const all = Object.entries(scoreUnits).map(([name, unit]) => ({ name: name as ScoreName, unit }))
  return all.filter(({ name }) => hasGrowth || name !== 'growth')
}

/**
 * @param recentPurchases of the last time span as long as the horizon; null when that is not known
 * @returns NaN where there is no forecast
 */
export function scoresOf(forecast: BuyingForecast, recentPurchases: Float64Array | null): Scores {
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
