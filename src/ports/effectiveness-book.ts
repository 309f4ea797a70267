import type { SegmentOutcomes } from '../effectiveness/segment-outcomes.ts'
import type { ReviewableRun } from '../plan/review.ts'
import type { Effectiveness } from '../effectiveness/judge-effectiveness.ts'

/** How effective the segments of a run were found to be. */
export interface JudgedRun extends Effectiveness {
  readonly pipeline: string
  readonly runKey: string
  readonly revision: number
  /** The run that knew the outcome: `shop@2026-10-01~1`. */
  readonly judgedBy: string
  /** ISO 8601, UTC: as-of of the run, and the end of what was looked at: of a window, or the as-of of the one that knew. */
  readonly from: string
  readonly until: string
  /** What the index was to be. */
  readonly target: number
  /** Whether it is the review of the run: over the window that the pipeline names, one a run. */
  readonly isReview: boolean
  /** What its segments cost and brought; null: an earlier version judged it. */
  readonly outcomes: SegmentOutcomes | null
  /** The page of a review; null: there is none. */
  readonly reportUri: string | null
}

/** Effectiveness over time. */
export interface EffectivenessBook {
  /** The same two runs over the same time a second time take the place of the first; a review also that of another review of the run. */
  keep(judged: JudgedRun): Promise<void>
  /** The oldest first. */
  kept(pipeline: string): Promise<readonly JudgedRun[]>
  /** Published runs that a review may be about, or that may judge. */
  reviewable(pipeline: string): Promise<readonly ReviewableRun[]>
  close(): Promise<void>
}
