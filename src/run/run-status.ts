import type { ComparisonPages } from './comparison-pages.ts'
import type { LineageEdge } from './lineage.ts'
import type { RecordedKind } from './run-kind.ts'
import type { MoveSummary } from './moves.ts'
import type { SampleSummary } from './sample.ts'
import type { RefitSummary } from './refit-policy.ts'
import type { GateOutcome, ShortCheck, StatusCheck } from './verdict.ts'
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

export const recordedStates: readonly RunState[] = runStates.filter((state) => state !== 'dry_run')

/** Consumers see or saw the run's result. One that names who superseded it was held and never came out. */
export function wasPublished({ status, supersededBy }: Pick<RunStatus, 'status' | 'supersededBy'>): boolean {
  return status === 'published' || status === 'rolled_back' || (status === 'superseded' && supersededBy === undefined)
}

/** Rows of one finished stage. */
export interface StageRows {
  readonly stage: StageName
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  /** Of `extract`: digest of all rows that were read and counted. */
  readonly inputHash?: string
}

/** What one finished stage did. */
export interface StageCounts extends StageRows {
  /** From the first activity of the stage to the last, waiting included. */
  readonly seconds: number
}

/** One segment of the candidate, as people see it. */
export interface SegmentSummary {
  readonly segmentKey: string
  readonly name: string
  readonly customers: number
  /** 0 to 1. */
  readonly share: number
}

/** What a held run would publish instead of its candidate: its customers, placed by the live model. */
export interface LiveModelOutcome {
  /** What decision `useLiveModel` must name. */
  readonly digest: string
  readonly verdict: GateOutcome
  readonly checks: readonly ShortCheck[]
  readonly customers: number
  /** Customers of the panel whose segment would change. */
  readonly moved: number | null
  readonly moves: MoveSummary | null
  /** The whole comparison of it. */
  readonly pages?: ComparisonPages
}

/** The wait for a decision. Instants are ISO 8601, UTC. */
export interface Hold {
  readonly since: string
  /** When people were reminded. */
  readonly remindedAt: readonly string[]
}

/** Everything a person or program asks of a run: the answer of query `status`, of `run --json` and `describe --json`. */
export interface RunStatus {
  readonly runKey: string
  readonly revision: number
  readonly pipeline: string
  readonly kind: RecordedKind
  readonly period: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly status: RunState
  readonly verdict: GateOutcome | null
  /** Whether segments were formed anew, where the pipeline does not always do so; absent: it does, or it is not known yet. */
  readonly refit?: RefitSummary
  /** Of a dry run that looked at some customers only; absent: it looked at all. */
  readonly sample?: SampleSummary
  readonly stages: readonly StageCounts[]
  readonly segments: readonly SegmentSummary[]
  readonly checks: readonly StatusCheck[]
  /** Customers of the panel whose segment changed; null on a first run. */
  readonly moved: number | null
  /** Who would move, or moved; null before validation and on a first run. */
  readonly moves: MoveSummary | null
  /** Segments that split, merged, ended, appeared or came back; absent: nothing is known. */
  readonly lineage?: readonly LineageEdge[]
  /** What else the comparison with what is live has to say, in sentences; absent: nothing is known. */
  readonly remarks?: readonly string[]
  /** The whole comparison with what was live, for people; absent before validation. */
  readonly pages?: ComparisonPages
  /** Where the artifact of each finished stage is; that of validate holds every customer's segment, before and after. */
  readonly artifacts: Readonly<Partial<Record<StageName, string>>>
  /** Of a held run whose customers the live model can place: the third door beside approving and rejecting. */
  readonly byLiveModel?: LiveModelOutcome
  /** Of a run that is or was held. */
  readonly hold?: Hold
  /** Run whose publication overtook this one while it was held; absent where none did. */
  readonly supersededBy?: string
  readonly manifestUri: string | null
  readonly workflowId: string
  readonly temporalRunId: string
}
