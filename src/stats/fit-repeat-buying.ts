import type { BetaGeometricModel, BetaGeometricParameters, RepeatHistories } from './beta-geometric.ts'
import { fitBetaGeometric } from './fit-beta-geometric.ts'
import { fitGammaGamma } from './fit-gamma-gamma.ts'
import type { GammaGammaParameters, GammaGammaTask } from './fit-gamma-gamma.ts'
import type { FitStatus, LikelihoodFit } from './maximise-likelihood.ts'
import { typicalGap } from './own-gap.ts'

/** One row a unit; who never bought has NaN throughout. */
export interface BuyingHistories extends RepeatHistories {
  /** Mean spend of repeat purchases; NaN without one. */
  readonly meanSpends: Float64Array
}

/** How purchases are forecast: by the fitted model, or by the own gap of each unit. */
export interface PurchaseModel {
  readonly model: BetaGeometricModel
  readonly fit: LikelihoodFit<BetaGeometricParameters>
  /** Time between purchases of all repeat buyers, which the own gap is drawn towards. */
  readonly typicalGap: number
}

/** `meanUndefined`: it converged, but to amounts without a finite mean over all units. */
export type SpendStatus = FitStatus | 'meanUndefined'

/** How the spend of a purchase is forecast: by the fitted model, else by the own mean. */
export interface SpendModel {
  readonly status: SpendStatus
  readonly fit: LikelihoodFit<GammaGammaParameters>
  /** Of all repeat purchases; stands in for units without one. */
  readonly meanSpend: number
  /** Of repeat purchases with their mean spend: the gamma-gamma model takes them as independent. Null when it cannot be computed. */
  readonly correlation: number | null
}

export interface RepeatBuyingModels {
  readonly purchases: PurchaseModel
  readonly spend: SpendModel
}

export interface RepeatBuyingTask {
  readonly model: BetaGeometricModel
  readonly histories: BuyingHistories
  /** With fewer rows with a repeat, nothing is fitted. */
  readonly leastRepeatRows: number
  /** Stands in for the typical gap when nobody came back. */
  readonly gapOtherwise: number
}

/** Both models over the units that bought. */
export function fitRepeatBuying(task: RepeatBuyingTask): RepeatBuyingModels {
  const { model, leastRepeatRows, gapOtherwise } = task
  const { buyers } = buyersOf(task.histories)
  const { repeats, lastAges, ages } = buyers
  const fit = fitBetaGeometric({ model, leastRepeatRows, repeats, lastAges, ages })
  const spenders = spendersOf(buyers)
  const ofSpend = fitGammaGamma({ ...spenders, leastRows: leastRepeatRows })
  const isUndefined = ofSpend.parameters !== null && ofSpend.parameters.q <= 1
  return {
    purchases: { model, fit, typicalGap: typicalGap(buyers, gapOtherwise) },
    spend: {
      status: isUndefined ? 'meanUndefined' : ofSpend.status,
      fit: ofSpend,
      meanSpend: meanSpend(spenders),
      correlation: correlation(spenders.purchases, spenders.means),
    },
  }
}

/** The rows of units that bought. */
export function buyersOf(histories: BuyingHistories): { rows: Int32Array; buyers: BuyingHistories } {
  const rows = Int32Array.from([...histories.ages.keys()].filter((row) => !Number.isNaN(histories.ages[row]!)))
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
  const { repeats, lastAges, ages, meanSpends } = histories
  return {
    rows,
    buyers: { repeats: pick(repeats), lastAges: pick(lastAges), ages: pick(ages), meanSpends: pick(meanSpends) },
  }
}

/** Repeat buyers whose repeat purchases were worth something. */
function spendersOf({ repeats, meanSpends }: BuyingHistories): Pick<GammaGammaTask, 'purchases' | 'means'> {
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
