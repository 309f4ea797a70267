import type { EffectivenessBand } from '../effectiveness/judge-effectiveness.ts'
import type { DueReview } from '../plan/review.ts'
import type { ReviewInput } from '../plan/review-input.ts'

/** What a review found, as far as it travels. */
export interface ReviewOutcome extends DueReview {
  readonly index: number | null
  readonly band: EffectivenessBand | null
  /** What the index was to be. */
  readonly target: number
  /** Null: the pipeline publishes no files. */
  readonly reportUri: string | null
}

/** The activities of `reviewSegmentation`. Each may happen twice. */
export interface ReviewActivities {
  /** Which runs are to be reviewed, the oldest first. */
  findReviews(input: ReviewInput): Promise<readonly DueReview[]>
  /** Judges one run, keeps what it found and puts the page beside the run's files. */
  reviewRun(input: ReviewInput, due: DueReview): Promise<ReviewOutcome>
  /** Has people told of a review. */
  announceReview(input: ReviewInput, outcome: ReviewOutcome): Promise<void>
}
