import { ModelNotFitted } from '../../../errors/model-not-fitted.ts'
import type { BetaGeometricParameters } from '../../../stats/beta-geometric.ts'
import type { BetaGeometricTask, FitStatus, LikelihoodFit } from '../../../stats/fit-beta-geometric.ts'
import type { GammaGammaParameters, GammaGammaTask } from '../../../stats/fit-gamma-gamma.ts'
import type { ForecastTask, PurchaseForecast } from '../../../stats/forecast-purchases.ts'
import type { PredictiveConfig } from './config.ts'
import type { BuyingColumns } from './customer-columns.ts'
import { typicalGapDays } from './own-gap.ts'
import type { PurchaseModel, SpendModel } from './parameters.ts'

/** The heavy arithmetic; it runs where it does not hold up heartbeats. */
export interface PredictiveCalculations {
  fitBetaGeometric(task: BetaGeometricTask): Promise<LikelihoodFit<BetaGeometricParameters>>
  fitGammaGamma(task: GammaGammaTask): Promise<LikelihoodFit<GammaGammaParameters>>
  forecastPurchases(task: ForecastTask): Promise<PurchaseForecast>
}

export interface FittedModels {
  readonly purchases: PurchaseModel
  readonly spend: SpendModel
  readonly note: string | null
}

/**
 * Both models over customers who bought.
 *
 * @throws ModelNotFitted when one of them is not, and the pipeline wants a failure then
 */
export async function fitModels(
  buyers: BuyingColumns,
  config: Pick<PredictiveConfig, 'model' | 'leastRepeatBuyers' | 'fallback'>,
  horizonDays: number,
  calculate: Pick<PredictiveCalculations, 'fitBetaGeometric' | 'fitGammaGamma'>,
): Promise<FittedModels> {
  const { repeats, lastAges, ages } = buyers
  const leastRows = config.leastRepeatBuyers
  const fit = await calculate.fitBetaGeometric({
    ...{ model: config.model, leastRepeatRows: leastRows, repeats, lastAges, ages },
  })
  const spenders = spendersOf(buyers)
  const ofSpend = await calculate.fitGammaGamma({ ...spenders, leastRows })
  const isUndefined = ofSpend.parameters !== null && ofSpend.parameters.q <= 1
  const models = {
    purchases: { model: config.model, fit, typicalGapDays: typicalGapDays(buyers, horizonDays) },
    spend: {
      status: isUndefined ? ('meanUndefined' as const) : ofSpend.status,
      fit: ofSpend,
      meanSpend: meanSpend(spenders),
      correlation: correlation(spenders.purchases, spenders.means),
    },
  }
  const notes = [...purchaseNote(models.purchases, leastRows), ...spendNote(models.spend, leastRows)]
  if (notes.length > 0 && config.fallback === 'fail')
    throw new ModelNotFitted(
      `${notes.join(' ')} cluster.fallback is fail.`,
      'Set cluster.fallback to ownGap, lower cluster.leastRepeatBuyers, or give a longer history.',
    )
  return { ...models, note: notes.length === 0 ? null : notes.join(' ') }
}

/** Repeat buyers whose repeat purchases were worth something. */
function spendersOf({ repeats, meanSpends }: BuyingColumns): Pick<GammaGammaTask, 'purchases' | 'means'> {
  const rows = [...repeats.keys()].filter((row) => repeats[row]! > 0 && meanSpends[row]! > 0)
  return {
    purchases: Float64Array.from(rows, (row) => repeats[row]!),
    means: Float64Array.from(rows, (row) => meanSpends[row]!),
  }
}

function meanSpend({ purchases, means }: Pick<GammaGammaTask, 'purchases' | 'means'>): number {
  let [count, money] = [0, 0]
  for (let i = 0; i < means.length; i++) {
    count += purchases[i]!
    money += purchases[i]! * means[i]!
  }
  return count === 0 ? 0 : money / count
}

/** Pearson's; null when one of them is constant. */
function correlation(a: Float64Array, b: Float64Array): number | null {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [products, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    products += (a[i]! - meanA) * (b[i]! - meanB)
    squaresA += (a[i]! - meanA) ** 2
    squaresB += (b[i]! - meanB) ** 2
  }
  const value = products / Math.sqrt(squaresA * squaresB)
  return Number.isFinite(value) ? value : null
}

const modelNames = { bgNbd: 'BG/NBD', mbgNbd: 'MBG/NBD' } as const

function purchaseNote({ model, fit }: PurchaseModel, least: number): readonly string[] {
  if (fit.status === 'converged') return []
  const why = whyNot(fit.status, fit.repeatRows, least)
  return [`${modelNames[model]} was not fitted: ${why}. Forecasts follow the own gap between purchases instead.`]
}

function spendNote({ status, fit }: SpendModel, least: number): readonly string[] {
  if (status === 'converged') return []
  const why =
    status === 'meanUndefined' ? 'its mean over all customers is infinite' : whyNot(status, fit.rowCount, least)
  return [`Gamma-gamma was not fitted: ${why}. A purchase counts the own mean instead.`]
}

function whyNot(status: Exclude<FitStatus, 'converged'>, repeatBuyers: number, least: number): string {
  switch (status) {
    case 'tooFew':
      return `${repeatBuyers} customers came back, and at least ${least} are wanted`
    case 'atBound':
      return 'its likelihood grows without an end, as when customers are too much alike'
    case 'diverged':
      return 'its likelihood has no value over these customers'
    case 'notConverged':
      return 'the search for its largest likelihood did not come to an end'
  }
}
