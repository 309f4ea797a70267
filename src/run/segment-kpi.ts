/** Figures that segments are judged by, in the order of the catalogue. */
export const kpiNames = [
  'conversion',
  'purchaseFrequency',
  'averageOrderValue',
  'revenuePerCustomer',
  'retention',
  'repurchase',
  'lifetimeValue',
  'predictedLifetimeValue',
  'marginRate',
  'engagement',
  'csat',
  'nps',
  'contactCost',
  'responseRate',
  'campaignConversion',
  'attributedRevenue',
  'returnOnSpend',
] as const
export type KpiName = (typeof kpiNames)[number]

/** A time over which figures are counted: [start, end). */
export interface ClosedPeriod {
  /** `2026-Q3` */
  readonly name: string
  /** ISO 8601, UTC. */
  readonly start: string
  /** ISO 8601, UTC. */
  readonly end: string
}

/** A figure of the customers of a segment, over a period. */
export interface SegmentKpi {
  /** Null: all customers of the run. */
  readonly segmentKey: string | null
  readonly kpi: KpiName
  readonly period: ClosedPeriod
  /** What it is measured in: `share`, `points`, `ratio`, `count`, or money in its currency. */
  readonly unit: string
  /** Null: suppressed. */
  readonly value: number | null
  /** Of the interval that holds the true value with 95 %. Null: suppressed, or one customer says nothing of others. */
  readonly lower: number | null
  readonly upper: number | null
  /** Customers whom the figure is of. Null: suppressed. */
  readonly customers: number | null
  /** Less the same figure of all other customers, with its interval. Null: suppressed, or there are too few others. */
  readonly difference: number | null
  readonly differenceLower: number | null
  readonly differenceUpper: number | null
  /** Of too few customers to be shown, or it would give away one that is. */
  readonly isSuppressed: boolean
  /** Among those that the objective of the pipeline looks at first. */
  readonly isLead: boolean
}
