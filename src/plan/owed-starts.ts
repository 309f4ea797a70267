import type { RunKind } from '../run/run-kind.ts'
import { isoOf, type TimedPipeline } from './period.ts'
import { type PlannedStart, startsUntil } from './planned-starts.ts'
import { minutesOf } from './schedule.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** So long may nobody look, and every run that was owed is known all the same. */
const AHEAD_DAYS = 400
const MOST_AHEAD = 400
/** A server may be down, or a worker busy, for so long. */
const START_PATIENCE_MINUTES = 60

/** A start with the instants that judge it: ISO 8601, UTC. */
export interface OwedStart extends PlannedStart {
  /** Until when it has to be published. */
  readonly deadline: string
  /** Not started by then, it is missed. */
  readonly missedAfter: string
}

/** What a schedule owes after an instant: all until `now`, and a good part of what is ahead. */
export function owedStarts(
  timed: TimedPipeline,
  kind: RunKind,
  { after, now }: { readonly after: string; readonly now: string },
): readonly OwedStart[] {
  const { jitter, deadline } = timed.schedule!
  const later = (instant: string, minutes: number): string => isoOf(Date.parse(instant) + minutes * MINUTE_MS)
  const past = after < now ? startsUntil(timed, kind, after, { until: now }) : []
  const ahead = startsUntil(timed, kind, now, {
    until: isoOf(Date.parse(now) + AHEAD_DAYS * DAY_MS),
    count: MOST_AHEAD,
  })
  return [...past, ...ahead].map((start) => ({
    ...start,
    deadline: later(start.startsAt, minutesOf(jitter) + minutesOf(deadline)),
    missedAfter: later(start.startsAt, minutesOf(jitter) + START_PATIENCE_MINUTES),
  }))
}
