import type { RunKind } from './run-kind.ts'
import type { RunState } from './run-status.ts'

/**
 * What became of a run that a deployed schedule owes: `planned` is ahead; `waiting` may still start; `missed` did not; `late` runs past
 * its deadline; else the state of its newest revision, or of the one that is out.
 */
export type ExpectedState = 'planned' | 'waiting' | 'missed' | 'late' | Exclude<RunState, 'dry_run'>

/** A run that a deployed schedule owes, whether or not anything started it. Instants are ISO 8601, UTC. */
export interface ExpectedRun {
  readonly pipeline: string
  readonly kind: RunKind
  readonly period: string
  readonly runKey: string
  readonly asOf: string
  readonly dueAt: string
  /** Until when it has to be published. */
  readonly deadline: string
  readonly state: ExpectedState
  /** Null: no run of it was recorded. */
  readonly revision: number | null
  readonly publishedAt: string | null
  /** A publication of a later as-of, after which this one cannot come out the usual way. */
  readonly overtakenBy: string | null
  /** Its deadline is over, it is not out, and no later one is. */
  readonly isOverdue: boolean
}

/** Whether what consumers see of a pipeline is as new as its schedule promises. */
export interface Staleness {
  readonly pipeline: string
  readonly isStale: boolean
  /** The oldest run whose deadline is over. Null: none is. */
  readonly owed: ExpectedRun | null
}

/** @param expected in the order of time */
export function stalenessOf(expected: readonly ExpectedRun[]): readonly Staleness[] {
  const pipelines = [...new Set(expected.map(({ pipeline }) => pipeline))].sort()
  return pipelines.map((pipeline) => {
    const owed = expected.find((one) => one.pipeline === pipeline && one.kind === 'refit' && one.isOverdue) ?? null
    return { pipeline, isStale: owed !== null, owed }
  })
}
