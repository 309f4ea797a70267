import type { BetaGeometricModel, BetaGeometricParameters } from '../../../stats/beta-geometric.ts'
import type { FitStatus, LikelihoodFit } from '../../../stats/fit-beta-geometric.ts'
import type { GammaGammaParameters } from '../../../stats/fit-gamma-gamma.ts'
import type { BackTest } from './back-test.ts'
import type { PredictiveAxis, PredictiveInputs } from './config.ts'

/** How purchases are forecast: by the fitted model, or by the own gap of each customer. */
export interface PurchaseModel {
  readonly model: BetaGeometricModel
  readonly fit: LikelihoodFit<BetaGeometricParameters>
  /** Days between purchases of all repeat buyers, which the own gap is drawn towards. */
  readonly typicalGapDays: number
}

/** `meanUndefined`: it converged, but to amounts without a finite mean over all customers. */
export type SpendStatus = FitStatus | 'meanUndefined'

/** How the spend of a purchase is forecast: by the fitted model, else by the own mean. */
export interface SpendModel {
  readonly status: SpendStatus
  readonly fit: LikelihoodFit<GammaGammaParameters>
  /** Of all repeat purchases; stands in for customers without one. */
  readonly meanSpend: number
  /** Of repeat purchases with their mean spend: the gamma-gamma model takes them as independent. Null when it cannot be computed. */
  readonly correlation: number | null
}

/** What placing needs, and the evidence for it. */
export interface PredictiveParameters {
  readonly method: 'predictive'
  readonly inputs: PredictiveInputs
  readonly horizonDays: number
  readonly lifetimeDays: number
  /** A year. */
  readonly discount: number
  readonly purchases: PurchaseModel
  readonly spend: SpendModel
  /** What was done in place of a fitted model, for people; null: nothing was. */
  readonly note: string | null
  readonly by: readonly PredictiveAxis[]
  /** Ascending; a value that reaches one is in the band above it. */
  readonly cuts: Readonly<Record<PredictiveAxis, readonly number[]>>
  /** Of customers that the cuts of value were made for: with medium value or more, with high value. */
  readonly valueShares: readonly number[]
  /** Whether a cluster stands for customers without any purchase. */
  readonly hasNeverBought: boolean
  readonly hasGrowth: boolean
  /** Of all fitted customers, what reasons are told against. */
  readonly typical: TypicalFactors
  readonly backTest: BackTest | null
}

/** Lifetime value is the product of these. */
export interface TypicalFactors {
  readonly alive: number
  /** Discounted purchases of a lifetime, if alive. */
  readonly lifetimePurchases: number
  readonly spend: number
}
