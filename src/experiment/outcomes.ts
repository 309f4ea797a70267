/** What became of the customers of an experiment, a row each. */
export interface Outcomes {
  /** Positions in `armNames`, of shape (n). */
  readonly arms: Int32Array
  readonly armNames: readonly string[]
  /** Positions in `segmentNames`, of shape (n). */
  readonly segments: Int32Array
  /** One name where segments are not told apart. */
  readonly segmentNames: readonly string[]
  readonly metrics: readonly MetricValues[]
}

export interface MetricValues {
  readonly name: string
  /** Of shape (n); NaN where nothing is known. Of 0 and 1 alone it is a share. */
  readonly values: Float64Array
  /** What is known from before, of shape (n); NaN where nothing is. Null: nothing of anybody. */
  readonly before: Float64Array | null
}

export type MetricKind = 'share' | 'mean'

export function kindOf({ values }: MetricValues): MetricKind {
  return values.every((value) => value === 0 || value === 1 || Number.isNaN(value)) ? 'share' : 'mean'
}
