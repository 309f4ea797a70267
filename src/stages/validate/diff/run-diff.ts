import type { LineageEdge } from '../../../run/lineage.ts'
import type { RunState, SegmentSummary } from '../../../run/run-status.ts'
import type { ComparisonMeasure } from '../comparison/measures.ts'
import { countMoved } from '../transitions.ts'
import type { Transition } from '../validation.ts'

/** One of the two runs that are compared. */
export interface DiffedRun {
  /** `shop@2026-10-01~1`; with `-dry` behind it, a dry run. */
  readonly run: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly status: RunState
  /** Those with customers, and those that the run names without any. Names are those that the run gave. */
  readonly segments: readonly SegmentSummary[]
}

/** Any two runs of one pipeline compared: what `diff --json` prints. Figures mean what they mean in the validation of a run. */
export interface RunDiff {
  readonly formatVersion: 1
  readonly pipeline: string
  readonly before: DiffedRun
  readonly after: DiffedRun
  /** `stored`: the second run was compared with exactly the first one, and this is what it found then. */
  readonly source: 'stored' | 'computed'
  /** Customers of the two runs, and of both. */
  readonly customersBefore: number
  readonly customers: number
  readonly panel: number
  /** Customers of the panel whose segment is another one. */
  readonly moved: number
  /** Every pair of segments with customers. Reason null: stayed; or moved, where `withoutReasons` says why nobody knows. */
  readonly transitions: readonly Transition[]
  /** Null: every move has its reason. */
  readonly withoutReasons: string | null
  readonly comparison: readonly ComparisonMeasure[]
  readonly lineage: readonly LineageEdge[]
  /** Keys of segments with customers in the second run only, and in the first one only. */
  readonly appeared: readonly string[]
  readonly ended: readonly string[]
}

/** What a diff is counted from. */
export type DiffFacts = Pick<
  RunDiff,
  'pipeline' | 'before' | 'after' | 'source' | 'transitions' | 'withoutReasons' | 'comparison' | 'lineage'
>

/** Counts the transitions together. */
export function toRunDiff(facts: DiffFacts): RunDiff {
  const { transitions } = facts
  const sum = (counts: (transition: Transition) => boolean): number =>
    transitions.reduce((total, one) => total + (counts(one) ? one.customers : 0), 0)
  const keys = (side: 'fromSegmentKey' | 'toSegmentKey'): ReadonlySet<string> =>
    new Set(transitions.flatMap((one) => (one.customers > 0 && one[side] !== null ? [one[side]] : [])))
  const [before, after] = [keys('fromSegmentKey'), keys('toSegmentKey')]
  return {
    formatVersion: 1,
    ...facts,
    customersBefore: sum(({ fromSegmentKey }) => fromSegmentKey !== null),
    customers: sum(({ toSegmentKey }) => toSegmentKey !== null),
    panel: sum(({ fromSegmentKey, toSegmentKey }) => fromSegmentKey !== null && toSegmentKey !== null),
    moved: countMoved(transitions),
    appeared: [...after].filter((key) => !before.has(key)).sort(),
    ended: [...before].filter((key) => !after.has(key)).sort(),
  }
}
