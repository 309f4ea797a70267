import type { PurchaseModel, SpendModel } from '../../../stats/fit-repeat-buying.ts'
import type { BackTest } from './back-test.ts'
import type { PredictiveAxis, PredictiveInputs } from './config.ts'

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
