import { HistoriesImpossible } from '../../../errors/histories-impossible.ts'
import { dailyRate, daysOf } from '../../../run/time-span.ts'
import { findImpossible } from '../../../stats/beta-geometric.ts'
import { buyersOf } from '../../../stats/fit-repeat-buying.ts'
import type { BuyingHistories, RepeatBuyingModels } from '../../../stats/fit-repeat-buying.ts'
import type { BuyingForecast } from '../../../stats/forecast-repeat-buying.ts'
import { backTest } from './back-test.ts'
import type { BackTest, Outcome } from './back-test.ts'
import { anchoredCuts, cutsOf, valueSharesOf } from './bands.ts'
import type { PredictiveConfig } from './config.ts'
import { fitModels } from './fit-models.ts'
import type { PredictiveCalculations } from './fit-models.ts'
import type { PredictiveParameters } from './parameters.ts'
import { typicalFactors } from './reasons.ts'
import { scoresOf } from './scores.ts'

/** What is known of the customers that are fitted. */
export interface PredictiveSample {
  readonly now: BuyingHistories
  /** Purchases of the last time span as long as the horizon; null when the pipeline has no such feature. */
  readonly recentPurchases: Float64Array | null
  readonly recentSpend: Float64Array | null
  /** As they were before that; null when the pipeline has no such features. */
  readonly before: BuyingHistories | null
}

type Span = Pick<PredictiveParameters, 'horizonDays' | 'lifetimeDays' | 'discount'>

/**
 * @param hasNeverBought whether customers without a purchase can be among those to place
 * @param live of what is published; null without
 * @throws HistoriesImpossible when features contradict each other
 * @throws ModelNotFitted as `fitModels` does
 */
export async function fitPredictive(
  config: PredictiveConfig,
  sample: PredictiveSample,
  hasNeverBought: boolean,
  live: PredictiveParameters | null,
  calculate: PredictiveCalculations,
): Promise<PredictiveParameters> {
  const span: Span = {
    ...{ horizonDays: daysOf(config.horizon), lifetimeDays: daysOf(config.lifetime), discount: config.discount },
  }
  const models = await fitModels(assertPossible(sample.now, config), config, span.horizonDays, calculate)
  const forecast = await forecastCustomers(sample.now, models, span, calculate)
  const isTested = config.backTest !== 'off' && sample.before !== null && sample.recentPurchases !== null
  return {
    method: 'predictive',
    inputs: config.inputs,
    ...span,
    ...models,
    by: config.by,
    cuts: cutsOf(config, scoresOf(forecast, sample.recentPurchases), anchoredCuts(config, span.lifetimeDays, live)),
    valueShares: valueSharesOf(config),
    hasNeverBought,
    hasGrowth: sample.recentPurchases !== null,
    typical: typicalFactors(forecast),
    backTest: isTested
      ? await test(
          config,
          assertPossible(sample.before, config),
          { purchases: sample.recentPurchases, spend: sample.recentSpend },
          span,
          calculate,
        )
      : null,
  }
}

/** What is forecast of each customer, in order. */
export function forecastCustomers(
  histories: BuyingHistories,
  { purchases, spend }: RepeatBuyingModels,
  { horizonDays, lifetimeDays, discount }: Span,
  calculate: Pick<PredictiveCalculations, 'forecastRepeatBuying'>,
): Promise<BuyingForecast> {
  return calculate.forecastRepeatBuying({
    ...{ histories, models: { purchases, spend } },
    ...{ horizon: horizonDays, lifetime: lifetimeDays, discountRate: dailyRate(discount) },
  })
}

/** @returns the columns, when their rows can have happened */
export function assertPossible(
  columns: BuyingHistories,
  { inputs }: Pick<PredictiveConfig, 'inputs'> | Pick<PredictiveParameters, 'inputs'>,
): BuyingHistories {
  const { buyers } = buyersOf(columns)
  const impossible = findImpossible(buyers)
  if (impossible === null) return columns
  const { row, why } = impossible
  const [x, last, age] = [buyers.repeats[row]!, buyers.lastAges[row]!, buyers.ages[row]!]
  throw new HistoriesImpossible(
    `A customer has ${inputs.repeatPurchases} ${x}, ${inputs.purchaseAge} ${last} and ${inputs.observedAge} ${age}: ${why}.`,
    'Name features under cluster.inputs that count the same purchases, all with the same cutoff; those of the catalogue do.',
  )
}

/** The models, fitted once more without the horizon. What happened in it decides nothing there but how wrong they are. */
async function test(
  config: PredictiveConfig,
  before: BuyingHistories,
  outcome: Outcome,
  span: Span,
  calculate: PredictiveCalculations,
): Promise<BackTest | null> {
  const { rows, buyers } = buyersOf(before)
  if (rows.length === 0) return null
  const models = await fitModels(buyers, { ...config, fallback: 'ownGap' }, span.horizonDays, calculate)
  const forecast = await forecastCustomers(buyers, models, span, calculate)
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  return backTest(
    buyers,
    forecast,
    { purchases: pick(outcome.purchases), spend: outcome.spend && pick(outcome.spend) },
    span.horizonDays,
    { purchaseFit: models.purchases.fit, spendFit: models.spend.fit },
  )
}
