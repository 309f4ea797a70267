import { DateTime } from 'luxon'
import { formatRunId, type RunIdentity } from '../run/run-key.ts'
import type { ReviewSettings } from './review-config.ts'
import { type TimedPipeline, isoOf, zoneOf } from './period.ts'

/** A published run, as far as a review asks. */
export interface ReviewableRun extends RunIdentity {
  readonly kind: 'refit' | 'score'
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** Whether there is a review of it whose judge still counts. */
  readonly isReviewed: boolean
}

/** A run whose outcome is known. */
export interface DueReview {
  readonly run: RunIdentity
  /** ISO 8601, UTC: the outcome is what happens from here on, and before `until`. */
  readonly from: string
  readonly until: string
  /** Knows the outcome. */
  readonly judge: RunIdentity
}

/**
 * When the outcome of a run is complete: its as-of and the window, by the calendar of the pipeline's zone.
 *
 * @param asOf ISO 8601, UTC
 * @returns ISO 8601, UTC
 */
export function windowEnd(pipeline: TimedPipeline, { window }: ReviewSettings, asOf: string): string {
  const [count, unit] = window.split(' ') as [string, string]
  const length = { [`${unit.replace(/s$/, '')}s`]: Number(count) }
  return isoOf(
    DateTime.fromISO(asOf, { zone: zoneOf(pipeline) })
      .plus(length)
      .toMillis(),
  )
}

/**
 * Published runs to review, the oldest first: those that formed segments, whose window is over, and for which a later run that is still
 * published looks from its end or later. Of several the earliest such run judges, since most of its customers are those of then.
 *
 * @param runs published runs, in any order
 */
export function dueReviews(
  pipeline: TimedPipeline,
  settings: ReviewSettings,
  runs: readonly ReviewableRun[],
): readonly DueReview[] {
  const byTime = [...runs].sort((a, b) => Date.parse(a.asOf) - Date.parse(b.asOf) || b.revision - a.revision)
  return byTime
    .filter(({ kind, isReviewed }) => kind === 'refit' && !isReviewed)
    .flatMap(({ runKey, revision, asOf }): readonly DueReview[] => {
      const until = windowEnd(pipeline, settings, asOf)
      const judge = byTime.find((one) => Date.parse(one.asOf) >= Date.parse(until))
      if (!judge) return []
      const [run, by] = [
        { runKey, revision },
        { runKey: judge.runKey, revision: judge.revision },
      ]
      return formatRunId(run) === formatRunId(by) ? [] : [{ run, from: asOf, until, judge: by }]
    })
}
