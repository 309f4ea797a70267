import type { GateCheck, GateOutcome } from './verdict.ts'
import type { StageName } from './stage.ts'

export const runStates = [
  'running',
  'published',
  'held',
  'rejected',
  'failed',
  'cancelled',
  'superseded',
  'rolled_back',
  'dry_run',
] as const

/** As in the `runs` view. `dry_run` never reaches it: nothing is recorded. */
export type RunState = (typeof runStates)[number]

/** What one finished stage did. */
export interface StageCounts {
  readonly stage: StageName
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  readonly seconds: number
  /** Of `extract`: digest of all rows that were read and counted. */
  readonly inputHash?: string
}

/** One segment of the candidate, as people see it. */
export interface SegmentSummary {
  readonly segmentKey: string
  readonly name: string
  readonly customers: number
  /** 0 to 1. */
  readonly share: number
}

/** Everything a person or program asks of a run: the answer of query `status`, of `run --json` and `describe --json`. */
export interface RunStatus {
  readonly runKey: string
  readonly revision: number
  readonly pipeline: string
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly status: RunState
  readonly verdict: GateOutcome | null
  readonly stages: readonly StageCounts[]
  readonly segments: readonly SegmentSummary[]
  readonly checks: readonly Pick<GateCheck, 'gate' | 'outcome' | 'value'>[]
  /** Customers of the panel whose segment changed; null on a first run. */
  readonly moved: number | null
  readonly manifestUri: string | null
  readonly workflowId: string
  readonly temporalRunId: string
}
