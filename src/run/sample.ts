/** The customers of a dry run that looked at some only: those whose id has a small hash, the same ones each time. */
export interface Sample {
  /** How many were asked for. */
  readonly wanted: number
  /** How many ids there are in all, before cleansing. */
  readonly ofCustomers: number
  /** Which part of all customers is looked at, 0 to 1. */
  readonly share: number
}

/** What a sample came to: its figures are estimates of the whole. */
export interface SampleSummary extends Sample {
  /** How many customers the run has. */
  readonly customers: number
  /** Share of the panel whose segment changed, with the bounds between which that of all customers lies in 95 % of samples; null: there is no panel. */
  readonly churn: { readonly share: number; readonly lower: number; readonly upper: number } | null
}
