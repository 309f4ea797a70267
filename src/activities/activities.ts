import type { ArtifactRef } from '../run/artifact.ts'
import type { ComparisonPages } from '../run/comparison-pages.ts'
import type { Successor, TakenDecision } from '../run/decision.ts'
import type { GateCheck, GateOutcome } from '../run/verdict.ts'
import type { Definition } from '../plan/definition.ts'
import type { RunInput, RunPlan } from '../plan/run-plan.ts'
import type { LineageEdge } from '../run/lineage.ts'
import type { MoveSummary } from '../run/moves.ts'
import type { RefitSummary } from '../run/refit-policy.ts'
import type { RunOccasion } from '../run/run-occasion.ts'
import type { SampleSummary } from '../run/sample.ts'
import type { EarlierStages } from '../run/stage-durations.ts'
import type { RunState, RunStatus, SegmentSummary, StageCounts, StageRows } from '../run/run-status.ts'

/** A finished stage: where its artifact is and what it did. */
export interface StageOutput {
  readonly ref: ArtifactRef
  readonly counts: StageRows
  /** What the activity itself took; next to nothing for an artifact that was there. */
  readonly seconds: number
  /** Of `cluster`, where there was something to decide. */
  readonly refit?: RefitSummary
  /** Of `extract` and `validate`, when a dry run looks at some customers only. */
  readonly sample?: SampleSummary
}

/** Before `finishingAttempt` has measured it. */
export type Unmeasured<T extends { readonly seconds: number }> = Omit<T, 'seconds'>

export interface ExtractOutput extends StageOutput {
  readonly shardCount: number
}

/** What the model was made with: decides where the placed customers are kept. */
export interface FitOutput {
  /** What computed fits on the worker that made the model: without SIMD it is the reference, which gives other clusters. */
  readonly kernel: 'fast' | 'reference'
  /** Null: there was nothing to decide. */
  readonly refit: RefitSummary | null
}

export interface ValidationOutput extends StageOutput {
  readonly verdict: GateOutcome
  readonly checks: readonly GateCheck[]
  readonly segments: readonly SegmentSummary[]
  readonly customers: number
  readonly panel: number
  readonly moved: number | null
  /** Null on a first run. */
  readonly moves: MoveSummary | null
  /** Whether the live model could place these customers instead. */
  readonly canUseLiveModel: boolean
  /** What is worth telling of it. */
  readonly lineage: readonly LineageEdge[]
  /** What else there is to say, in sentences. */
  readonly remarks: readonly string[]
  /** Absent for what an earlier version compared. */
  readonly pages?: ComparisonPages
}

export interface PublicationOutput {
  readonly counts: StageRows
  readonly seconds: number
  readonly manifestUri: string | null
  readonly publicationId: number
}

/** What validate reads. */
export interface ValidatedRefs {
  readonly clean: ArtifactRef
  readonly features: ArtifactRef
  readonly candidate: ArtifactRef
  /** The live model's features of the same customers, or why they cannot be built. Absent: `features` has them, or nothing is live. */
  readonly live?: BuiltForLive
}

export type BuiltForLive = { readonly features: ArtifactRef } | { readonly problem: string }

/** What only the workflow knows when it starts. */
export interface StartFacts {
  readonly workflowId: string
  /** ISO instant of the scheduled start (search attribute TemporalScheduledStartTime), absent when a person started it. */
  readonly scheduledStart?: string
  /** As-of of the run that this one was started like: the UI copies what that one was found by, and not when it was scheduled. */
  readonly likeAsOf?: string
}

export interface RunEdge {
  readonly state: RunState
  readonly status: RunStatus
  /** Null unless failed. */
  readonly failure: string | null
  /** Set when it was decided. */
  readonly decision?: TakenDecision
  /** Set when it was overtaken. */
  readonly successor?: Successor
}

/** A plan, and beside it what only the page of the run wants to know. */
export interface PlannedRun extends RunPlan {
  /** For how long its stages usually take; absent: that could not be read. */
  readonly earlierStages?: EarlierStages
}

/**
 * The activities of `segmentCustomers`. Each is idempotent: it looks for its committed output first. Shard activities commit
 * `part-<shard>`; the activity named after the stage adds the parts up and commits the artifact.
 */
export interface Activities {
  planRun(input: RunInput, facts: StartFacts): Promise<PlannedRun>
  recordRun(plan: RunPlan, edge: RunEdge): Promise<void>
  /** Tells people that a run waits for them. @param waited since it was held: `1 day` */
  remind(plan: RunPlan, waited: string): Promise<void>
  /**
   * Has people told of a run, by a workflow of its own: whatever becomes of that, the run goes on.
   *
   * @param definition a run may fail before it has a plan
   */
  announce(definition: Definition, status: RunStatus, occasion: RunOccasion): Promise<void>
  extractSources(plan: RunPlan): Promise<ExtractOutput>
  /** Computes what rules over all rows need, as `part-<shardCount>` of the clean artifact; only for pipelines with such rules. */
  planCleanse(plan: RunPlan, raw: ArtifactRef, shardCount: number): Promise<void>
  cleanseShard(plan: RunPlan, raw: ArtifactRef, shard: number, shardCount: number): Promise<void>
  cleanseCustomers(plan: RunPlan, raw: ArtifactRef, shardCount: number): Promise<StageOutput>
  buildFeaturesShard(plan: RunPlan, clean: ArtifactRef, shard: number, shardCount: number): Promise<void>
  /** Adds the shards up and fits the transforms over all of them. */
  buildFeatures(plan: RunPlan, clean: ArtifactRef, shardCount: number): Promise<StageOutput>
  /** Fits the model on a sample, or takes the live one, and commits it as `part-<shardCount>` of the cluster artifact. */
  fitClusters(plan: RunPlan, features: ArtifactRef, shardCount: number): Promise<FitOutput>
  placeShard(plan: RunPlan, features: ArtifactRef, shard: number, shardCount: number, fit: FitOutput): Promise<void>
  clusterCustomers(plan: RunPlan, features: ArtifactRef, shardCount: number, fit: FitOutput): Promise<StageOutput>
  /** Reads everything else it needs (clean counts, profiles' features) from the manifests behind the refs. */
  validateAgainstPublished(plan: RunPlan, refs: ValidatedRefs): Promise<ValidationOutput>
  /** @param decision the approval of a held run: recorded before consumers see its result */
  publishSegmentation(
    plan: RunPlan,
    validation: ArtifactRef,
    stages: readonly StageCounts[],
    decision?: TakenDecision,
  ): Promise<PublicationOutput>
}
