import type { RepeatHistories } from '../../../stats/beta-geometric.ts'
import type { PurchaseForecast } from '../../../stats/forecast-purchases.ts'

/** Columns of numbers as they were read: name → one value a customer, NaN for null. */
export type ColumnSet = Readonly<Record<string, Float64Array>>

/** Customers, in order; who never bought has NaN throughout. */
export interface BuyingColumns extends RepeatHistories {
  /** Mean spend of repeat purchases; NaN without one. */
  readonly meanSpends: Float64Array
}

/** What is forecast of each customer; NaN for those who never bought. */
export interface CustomerForecast extends PurchaseForecast {
  /** What a purchase is worth. */
  readonly spend: Float64Array
}
