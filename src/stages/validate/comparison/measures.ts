/** What a comparison measures, by the name in view `run_comparisons`. */
export const measureNames = [
  'panel',
  'new',
  'returned',
  'lost',
  'adjusted_rand',
  'adjusted_mutual_information',
  'variation_of_information',
  'jaccard',
  'customers',
  'share',
  'share_drift',
  'feature_drift',
  'feature_ks',
  'feature_ks_binned',
  'kpi_moved',
  'kpi_share',
  'mean_squared_distance',
  'margin_median',
  'margin_low',
  'kept',
  'kept_distance',
  'kept_inertia',
] as const

export type MeasureName = (typeof measureNames)[number]

/** One figure of the comparison with what is live. */
export interface ComparisonMeasure {
  readonly measure: MeasureName
  /** Segment key, column of a feature, or reason of a move; null: about everybody. */
  readonly subject: string | null
  readonly value: number
  /** The same of what is live; null: it has none. */
  readonly previous: number | null
  /** Drift of a feature that grows from run to run by itself, such as tenure: no sign that anything is wrong. */
  readonly grows?: true
}
