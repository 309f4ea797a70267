import type { SyncRecord } from '../run/activation.ts'
import type {
  LineageEdge,
  DataQualityRow,
  ModelCandidate,
  SegmentStatus,
  Transition,
} from '../stages/validate/validation.ts'
import type { LayerEvidence } from '../stages/cluster/hybrid/parameters.ts'
import type { OverrideReport } from '../stages/validate/override-report.ts'
import type { RuleEvidence } from '../stages/cluster/rules/rule-evidence.ts'
import type { KeptDefinition } from '../plan/kept-definition.ts'
import type { ContractView } from '../run/contract.ts'
import type { GateCheck, GateOutcome } from '../run/verdict.ts'
import type { MoveReason } from '../run/transition.ts'
import type { RecordedKind } from '../run/run-kind.ts'
import type { NearestOfRun } from '../run/nearest-customers.ts'
import type { RunIdentity } from '../run/run-key.ts'
import type { SegmentPaths } from '../run/segment-paths.ts'
import type { RunState, RunStatus, SegmentSummary, StageCounts } from '../run/run-status.ts'

/** A row of the `runs` view. Instants are ISO 8601, UTC. */
export interface RunRow extends RunIdentity {
  readonly pipeline: string
  readonly kind: RecordedKind
  readonly period: string
  readonly asOf: string
  readonly status: RunState
  readonly verdict: GateOutcome | null
  readonly stages: readonly StageCounts[]
  readonly moved: number | null
  readonly definitionHash: string
  readonly codeVersion: string
  readonly workflowId: string
  readonly temporalRunId: string
  readonly manifestUri: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly publishedAt: string | null
  /** The failure message for people; null unless failed or ended by force. */
  readonly failure: string | null
  /** True while consumers see this run. */
  readonly isLive: boolean
}

export interface RunEventRow {
  readonly event: string
  readonly by: string
  readonly reason: string
  /** Who sent it, as Temporal saw it; null: nobody did, or nothing is known. */
  readonly identity: string | null
  readonly recordedAt: string
}

/** What cleansing found in a published run, with the share of the publication before it; null where that had no such row. */
export interface PublishedQuality extends DataQualityRow {
  readonly previousShare: number | null
}

/** A check as it is kept; message null: not recorded. */
export interface RecordedCheck extends Omit<GateCheck, 'message'> {
  readonly message: string | null
}

/** What the gates of a run saw. */
export interface CheckedRun extends RunIdentity {
  readonly kind: RecordedKind
  readonly period: string
  readonly status: RunState
  readonly verdict: GateOutcome | null
  /** Null: nothing was live before it. */
  readonly moved: number | null
  readonly checks: readonly RecordedCheck[]
}

/** A run with all that is known of it. The lists come from its publication, and are empty when it has none. */
export interface RunDescription extends RunRow {
  /** Null: it was not published. */
  readonly publicationId: number | null
  readonly checks: readonly RecordedCheck[]
  readonly events: readonly RunEventRow[]
  /** Of the publication; before it, what the run last reported. */
  readonly segments: readonly SegmentSummary[]
  readonly transitions: readonly Transition[]
  readonly lineage: readonly LineageEdge[]
  readonly dataQuality: readonly PublishedQuality[]
  readonly modelSelection: readonly ModelCandidate[]
  /** What rules did to customers; null for other methods. */
  readonly ruleEvidence: RuleEvidence | null
  /** What layers of a hybrid did to customers; null for other methods. */
  readonly layerEvidence: LayerEvidence | null
  /** How people and the method agree; null where nobody put a customer anywhere. */
  readonly overrides: OverrideReport | null
  /** What destinations were told of it. */
  readonly syncs: readonly SyncRecord[]
  /** As recorded at the newest edge; null when nothing was. */
  readonly lastStatus: RunStatus | null
  /** Of up to eight publications before it, the newest first: what its stages usually take. */
  readonly earlierStages: readonly (readonly StageCounts[])[]
}

/** A row of the `segments` view. */
export interface SegmentRow extends SegmentSummary {
  readonly description: string
  readonly criteria: string
  /** Mean Jaccard overlap over bootstrap samples; null: not computed. */
  readonly stability: number | null
  /** Who is in it, as a surrogate tree says, in words; null: no rule. */
  readonly rule: string | null
  readonly ruleSql: string | null
  /** Share of the customers that meet the rule who are in the segment. */
  readonly rulePrecision: number | null
  /** Share of the customers of the segment that meet the rule. */
  readonly ruleCoverage: number | null
  readonly level: number
  readonly parentSegmentKey: string | null
  readonly status: SegmentStatus
  readonly firstAsOf: string
  readonly lastAsOf: string
}

export interface CustomerMembership {
  readonly segmentKey: string
  readonly segmentName: string
  readonly layer: string
  readonly confidence: number | null
  readonly distance: number | null
  readonly nextSegmentKey: string | null
  readonly isOutlier: boolean
  readonly isHoldout: boolean
  readonly since: string
  readonly asOf: string
  readonly period: string
  readonly runKey: string
}

export interface CustomerPeriod {
  readonly segmentKey: string
  readonly segmentName: string
  readonly validFrom: string
  /** Null: it lasts. */
  readonly validTo: string | null
  readonly publishedFrom: string
  readonly publishedTo: string | null
  readonly runKey: string
  readonly moveReason: MoveReason
}

export interface CustomerRecord {
  readonly pipeline: string
  readonly customerId: string
  /** Null: not a member now. */
  readonly current: CustomerMembership | null
  /** Oldest first. */
  readonly history: readonly CustomerPeriod[]
}

export interface LiveDefinition extends RunIdentity {
  readonly definition: KeptDefinition | null
}

/** How a pipeline stands, as those see it who watch over it. */
export interface PipelineStanding {
  readonly pipeline: string
  /** Of its newest run. */
  readonly status: RunState
  /** When its newest run started. */
  readonly since: string
  /** Null, as the next three: consumers see nothing of it. */
  readonly asOf: string | null
  readonly publishedAt: string | null
  /** When the next run should have replaced it; null: no schedule says. */
  readonly staleAfter: string | null
  readonly verdict: GateOutcome | null
  /** All that ever were; retired ones have no customers. */
  readonly segments: readonly Pick<SegmentSummary, 'segmentKey' | 'customers'>[]
}

/** What people and runs left behind of one pipeline. */
export interface PipelineRecord {
  /** When the next run should have replaced what is live; null: no schedule says. */
  readonly staleAfter: string | null
  /** When something was published, the newest first; ISO 8601, UTC. */
  readonly publishedAts: readonly string[]
  /** When people decided about runs, the newest first. */
  readonly decidedAts: readonly string[]
  /** What the customers of each live segment spent, as the feature of it says; empty without one. */
  readonly money: readonly {
    readonly feature: string
    readonly segmentKey: string
    readonly name: string
    readonly customers: number
    readonly total: number
  }[]
  /** By figure, in the newest period of what is live: segments that it is known of, and those that differ from all other customers by more than chance. */
  readonly kpis: readonly { readonly kpi: string; readonly segments: number; readonly differing: number }[]
  /** Live segments with a plan, and those for which the pipeline says some of it itself. */
  readonly plans: { readonly segments: number; readonly own: number }
}

export interface RunFilter {
  /** Undefined: in any. */
  readonly statuses?: readonly RunState[] | undefined
  /** ISO 8601: started then or later. Undefined: whenever. */
  readonly since?: string | undefined
}

/** What the command line shows of one target's warehouse. */
export interface WarehouseReader {
  /** Newest as-of first, then newest revision. `undefined`: of every pipeline. */
  runs(pipeline: string | undefined, limit: number, filter?: RunFilter): Promise<readonly RunRow[]>
  /** @param revision the newest when undefined */
  describeRun(runKey: string, revision: number | undefined): Promise<RunDescription | undefined>
  /** The newest revision of a run key that ever was live; undefined: none was. */
  newestPublished(runKey: string): Promise<number | undefined>
  /** Runs whose gates are recorded, newest as-of first, then newest revision. */
  checkedRuns(pipeline: string, limit: number): Promise<readonly CheckedRun[]>
  /** Empty lists for a pipeline that nobody knows. */
  record(pipeline: string): Promise<PipelineRecord>
  /** Of every pipeline that ever ran. */
  standings(): Promise<readonly PipelineStanding[]>
  /** Over the last publications that close a period, at most eight; undefined: there are not two that stand. */
  paths(pipeline: string): Promise<SegmentPaths | undefined>
  /** Largest first; retired ones last. */
  segments(pipeline: string): Promise<readonly SegmentRow[]>
  /** @returns undefined when the pipeline never had this customer */
  customer(pipeline: string, customerId: string): Promise<CustomerRecord | undefined>
  /** Who lies nearest the middle of each segment, while the run is live. */
  nearest(pipeline: string, run: RunIdentity): Promise<NearestOfRun>
  /** Of what is live; undefined: nothing is. Null: its definition was not kept. */
  liveDefinition(pipeline: string): Promise<LiveDefinition | undefined>
  /** The views of this warehouse, by name, with what they say of themselves. */
  contract(): Promise<readonly ContractView[]>
  close(): Promise<void>
}
