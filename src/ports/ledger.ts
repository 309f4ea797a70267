import type { KeptDefinition } from '../plan/kept-definition.ts'
import type { RecordedRun } from '../run/sweep-plan.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { RecordedKind } from '../run/run-kind.ts'
import type { RunState, RunStatus, StageCounts } from '../run/run-status.ts'
import type { DatedRun } from '../run/succession.ts'
import type { GateCheck } from '../run/verdict.ts'
import type { ModelOutputs } from '../stages/cluster/model.ts'
import type { SegmentStatus, Transition } from '../stages/validate/validation.ts'
import type { ComputeSession } from './compute-engine.ts'
import type { SuppressedHashes } from './suppression.ts'

/** A row of the `runs` view, written at every edge of a run. */
export interface RunRecord extends RunIdentity {
  readonly pipeline: string
  readonly kind: RecordedKind
  readonly period: string
  readonly asOf: string
  readonly state: RunState
  readonly definitionHash: string
  /** What it is the hash of, as far as it is kept; absent: nobody keeps it. */
  readonly definition?: KeptDefinition
  readonly seed: number
  readonly codeVersion: string
  readonly workflowId: string
  readonly temporalRunId: string
  /** Counts, segments, checks as far as the run came; null at the start. */
  readonly status: RunStatus | null
  /** Everything that the gates of a candidate saw; absent: what `status` says of them. */
  readonly checks?: readonly GateCheck[]
  /** The failure message for people, when `state` is failed. */
  readonly failure: string | null
  /** Absent: false. */
  readonly isHistorical?: boolean
}

/** Who did what to a run and why: the `run_events` view. */
export interface RunEvent {
  readonly event: string
  readonly by: string
  readonly reason: string
  /** Who sent it, as Temporal saw it. Absent or null: nobody did, or nothing is known. */
  readonly identity?: string | null
}

/** A run that is recorded as running or held. */
export interface OpenRun extends DatedRun {
  readonly workflowId: string
  /** Of the execution that recorded it. */
  readonly temporalRunId: string
  /** It fills in the past. Absent: it does not. */
  readonly isHistorical?: boolean
}

/** How a run ended that could not record it itself. */
export interface UntoldEnd {
  readonly state: 'cancelled' | 'failed'
  /** For people. */
  readonly failure: string | null
  /** ISO 8601, UTC. */
  readonly finishedAt: string
  /** Of the execution that ended. */
  readonly temporalRunId: string
  /** Set when somebody ended it. */
  readonly event?: RunEvent
}

/** A segment as the catalogue knows it. */
export interface CatalogueSegment {
  readonly segmentKey: string
  readonly name: string
  readonly description: string
  readonly criteria: string
  readonly status: SegmentStatus
  /** The key it has by definition; null: known by its members only. */
  readonly ownKey: string | null
  /** Null before its first publication is out. */
  readonly customers: number
  readonly level: number
  /** Layer of a hybrid; null: there are none. */
  readonly layer: string | null
  /** The newest publication that had it. */
  readonly lastPublicationId: number | null
  /** Run id of the same. */
  readonly lastRun: string | null
}

/** What a run meets that fills in the past. */
export interface PastState {
  /** What consumers see; null: nothing. */
  readonly shown: DatedRun | null
  /** There is no publication before the run: `live` is the nearest one after it, which lends its segments' keys and nothing else. */
  readonly isAfter: boolean
  /** Model of this very run where it is published; null: it is not. */
  readonly ownModel: unknown
}

/** What a candidate is compared with: what is live, or for a run that fills in the past the publication before it. */
export interface PublishedState {
  /** Null: nothing was published yet. */
  readonly live: {
    readonly runKey: string
    readonly revision: number
    readonly asOf: string
    readonly publicationId: number
    readonly definitionHash: string
    /** Rows after cleansing of that run. */
    readonly cleanRows: number
    /** Content of the `model` document of that run's cluster stage. */
    readonly model: unknown
    /** The publication it was compared with; null when it was the first. */
    readonly comparedWith: number | null
  } | null
  /** Every segment there ever was, for keys that are never re-used. */
  readonly segments: readonly CatalogueSegment[]
  /** Largest number that a key of the pipeline ever had, also of segments that are not in the catalogue any more; 0: none had. */
  readonly newestNumber: number
  /** Of a run that fills in the past. */
  readonly past?: PastState
}

/** A run that consumers saw, as far as a verification asks. */
export interface PublishedRun {
  readonly publicationId: number
  /** Content digest of the validate artifact. */
  readonly digest: string
  /** Digest of all rows that were read and counted; null: nobody recorded it. */
  readonly inputHash: string | null
  /** Not computed: segments that were there before the first run. */
  readonly isAdopted: boolean
}

/** What a publication says beside its rows. */
export interface PublishedFindings {
  readonly segments: readonly { readonly segmentKey: string; readonly customers: number }[]
  readonly transitions: readonly Transition[]
  /** Customers of the candidate who were left out on request as it came out. */
  readonly leftOut: number
  /** Whether what was shown is known yet: of a run that filled in the past, as long as none has taken its place in the history. */
  readonly hasMemberships: boolean
  /** Whether values of single customers are kept yet. */
  readonly hasValues: boolean
}

/** The record of runs and publications, beside the published tables in the warehouse. Connections are those of one target. */
export interface Ledger {
  /** Newest revision of a run key, 0 when there is none. */
  newestRevision(runKey: string): Promise<number>
  recordRun(record: RunRecord, event?: RunEvent): Promise<void>
  /**
   * Adds what somebody did to a run; the same event of the same Temporal run is added once.
   *
   * @param occurrence tells apart what may be done several times. Default: 0
   */
  recordEvent(run: RunIdentity, temporalRunId: string, event: RunEvent, occurrence?: number): Promise<void>
  /** Oldest first. `undefined`: of every pipeline. */
  openRuns(pipeline: string | undefined): Promise<readonly OpenRun[]>
  /** Stages of the newest publications of the same kind, for how long they usually take: of those that began before the run did, if it is recorded. */
  earlierStages(run: RunIdentity): Promise<readonly (readonly StageCounts[])[]>
  /** Every run of a pipeline that was ever recorded. */
  recordedRuns(pipeline: string): Promise<readonly RecordedRun[]>
  /** Ends the record of an open run, unless it has changed since it was read. */
  settleRun(run: OpenRun, end: UntoldEnd): Promise<void>
  /** @param historical a run that fills in the past */
  publishedState(pipeline: string, historical?: DatedRun): Promise<PublishedState>
  /** @returns undefined when consumers never saw this run */
  publishedRun(run: RunIdentity): Promise<PublishedRun | undefined>
  /**
   * Makes tables of `session`: `shown` (customer_id, segment_key, is_holdout), what consumers saw when the publication had come out; and
   * `shown_values`, with the columns of the rows of validate, while those are kept.
   */
  loadShown(
    session: ComputeSession,
    publicationId: number,
    outputs: ModelOutputs,
    scratchPath: string,
  ): Promise<PublishedFindings>
  /** Model of a publication; null when there is no such publication any more. */
  publishedModel(publicationId: number): Promise<unknown>
  /** Customers whom a pipeline must not segment; undefined: there is none. */
  suppressed(pipeline: string): Promise<SuppressedHashes | undefined>
  /**
   * Makes tables of `session`: `live` (customer_id VARCHAR, segment_key VARCHAR, is_holdout BOOLEAN), the memberships that are live; `live_also` (customer_id
   * VARCHAR, layer VARCHAR, segment_key VARCHAR, since TIMESTAMP), the further ones; `live_overrides` (customer_id
   * VARCHAR), those whom people placed; `former` (customer_id VARCHAR), everyone who ever was a member but is not now; `past_members`
   * (customer_id VARCHAR, segment_key VARCHAR), of retired segments without a key of their own, the members when they were live last.
   *
   * @param neighbour of a run that fills in the past: the tables are as of then, as the history has it; further memberships and overrides
   *   are those that are still kept
   */
  loadPublished(
    session: ComputeSession,
    pipeline: string,
    scratchPath: string,
    neighbour?: { readonly publicationId: number; readonly asOf: string },
  ): Promise<void>
}
