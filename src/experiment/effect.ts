import type { Homogeneity } from '../stats/homogeneity.ts'
import type { ArmComparison } from './compare-arms.ts'
import type { MetricKind } from './outcomes.ts'

/** A comparison, with its p-value after all looks of its kind were counted. */
export interface AdjustedComparison extends ArmComparison {
  readonly adjustedP: number
}

export interface SegmentEffect {
  readonly segment: string
  /** Null: an arm has fewer than two customers there. */
  readonly comparison: AdjustedComparison | null
}

/** What one arm did to one metric. */
export interface Effect {
  readonly metric: string
  readonly kind: MetricKind
  readonly arm: string
  /** Customers of both without a value, who are left out. */
  readonly missing: number
  readonly overall: AdjustedComparison | null
  /** Empty where segments are not told apart. */
  readonly segments: readonly SegmentEffect[]
  /** Whether segments respond differently. */
  readonly interaction: Homogeneity
  readonly verdict: EffectVerdict
}

/** `no-difference`: whatever there is, it is too small to matter. */
export type Outcome = 'higher' | 'lower' | 'no-difference' | 'not-known'

export interface EffectVerdict {
  readonly outcome: Outcome
  readonly words: string
  /** Null where segments are not told apart. */
  readonly segmentWords: string | null
}
