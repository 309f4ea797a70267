import type { GateCheck, GateOutcome } from '../../run/verdict.ts'
import type { LineageEdge } from '../../run/lineage.ts'
import type { MoveReason } from '../../run/transition.ts'
import type { SegmentCampaign } from '../../run/segment-campaign.ts'
import type { SegmentPlan } from '../../run/segment-plan.ts'
import type { SegmentKpi } from '../../run/segment-kpi.ts'
import type { SampleSummary } from '../../run/sample.ts'
import type { SegmentSummary } from '../../run/run-status.ts'
import type { DataQualityRow } from '../cleanse/data-quality.ts'
import type { ModelCandidate, ModelEvidence, ModelOutputs } from '../cluster/model.ts'
import type { ComparisonMeasure } from './comparison/measures.ts'
import type { SegmentRule } from './rule-sql.ts'

export type { DataQualityRow, LineageEdge, ModelCandidate }

/** `provisional`: new, and neither found again nor approved; `returned`: the same of one that was retired. */
export const segmentStatuses = ['provisional', 'active', 'returned', 'retired'] as const
export type SegmentStatus = (typeof segmentStatuses)[number]

/** A candidate segment: a cluster that got its lasting key. */
export interface CandidateSegment extends SegmentSummary {
  /** Cluster number of this run. */
  readonly cluster: number
  readonly description: string
  /** How it differs, as text: `monetary 3.1 × the average; recency 0.2 ×`. */
  readonly criteria: string
  /** Who is in it, as a surrogate tree says; null: the tree names it nowhere, or its method has criteria of its own. */
  readonly rule: SegmentRule | null
  /** Mean Jaccard overlap over bootstrap samples, 0 to 1; null: not computed. */
  readonly stability: number | null
  readonly status: SegmentStatus
  /** The key it has by definition; null: known by its members only. */
  readonly ownKey: string | null
  /** 0: customers are in it first of all; above: it holds segments of the level below. */
  readonly level: number
  readonly parentSegmentKey: string | null
  /** Layer of a hybrid; null: there are none. */
  readonly layer: string | null
  /** Who answers for it, as the pipeline says; null: nobody is named. */
  readonly owner: string | null
  /** True when the key was made by this run. */
  readonly isNew: boolean
}

export interface Transition {
  /** Null: not present before. */
  readonly fromSegmentKey: string | null
  /** Null: lost. */
  readonly toSegmentKey: string | null
  /** Null: stayed in its segment. */
  readonly moveReason: MoveReason | null
  readonly customers: number
}

/** A feature within a segment, in the feature's own unit. */
export interface SegmentProfile {
  readonly segmentKey: string
  readonly feature: string
  readonly unit: string
  readonly mean: number | null
  readonly median: number | null
  readonly p10: number | null
  readonly p90: number | null
  /** 0 to 1. */
  readonly nullShare: number
  readonly populationMean: number | null
  /** Cohen's d of the segment against the rest; null where there is no spread. */
  readonly effectSize: number | null
  /** Segment mean ÷ population mean; null where the latter is 0. */
  readonly lift: number | null
}

/**
 * The document `validation.json` of the validate artifact (role `validation`). Its `rows` files hold one row a customer:
 * bucket INTEGER, customer_id VARCHAR, segment_key VARCHAR, confidence DOUBLE, distance DOUBLE, next_segment_key VARCHAR (null),
 * is_outlier BOOLEAN, is_holdout BOOLEAN, previous_segment_key VARCHAR (null), move_reason VARCHAR (null), layer VARCHAR; and as `outputs`
 * says: score_n DOUBLE (null), also_n VARCHAR (null, a segment key) with also_since_n TIMESTAMP; reason_1 to 3 INTEGER (null) with
 * pull_1 to 3 DOUBLE;
 * its `lost` files: bucket, customer_id, previous_segment_key of customers that were live and are gone; and `rejects_overrides`, where the
 * pipeline has role `overrides`: customer_id, segment, source_name, reason of its clean rows that have no effect.
 */
export interface Validation {
  readonly verdict: GateOutcome
  readonly checks: readonly GateCheck[]
  readonly segments: readonly CandidateSegment[]
  /** Keys that were live and have no cluster now. */
  readonly retiredKeys: readonly string[]
  readonly transitions: readonly Transition[]
  readonly lineage: readonly LineageEdge[]
  readonly profiles: readonly SegmentProfile[]
  /** What the members of each segment did in closed periods; empty where the data tell nothing of it, and in score runs. */
  readonly kpis: readonly SegmentKpi[]
  /** How they answered the campaigns that reached them then; empty without touches, and in score runs. */
  readonly campaigns: readonly SegmentCampaign[]
  /** What is to be done with each segment that customers are in; empty for what an earlier system made. */
  readonly playbook: readonly SegmentPlan[]
  readonly dataQuality: readonly DataQualityRow[]
  readonly modelSelection: readonly ModelCandidate[]
  /** What the fit found out about the customers; null: its method does not look for groups. */
  readonly evidence: ModelEvidence | null
  /** Share of the customers whom the segments' rules put where they are; null without rules. */
  readonly ruleFidelity: number | null
  /** What the columns of the rows are that depend on the method. */
  readonly outputs: ModelOutputs
  readonly customers: number
  /** Customers in both; 0 on a first run. */
  readonly panel: number
  /** Panel customers whose segment changed; null on a first run. */
  readonly moved: number | null
  /**
   * Run the candidate was compared with, `shop@2026-07-01~1`; null on a first run. Publishing over another one is a PublishConflict. Not the number of its
   * publication: that is the warehouse's own, and counts attempts that came to nothing.
   */
  readonly comparedWith: string | null
  readonly cleanRows: number
  /** What the comparison measured; empty on a first run. */
  readonly comparison: readonly ComparisonMeasure[]
  /** What else there is to say of the comparison, in sentences; empty on a first run. */
  readonly remarks: readonly string[]
  /** Whether the live model could place these customers instead: it reads the same features, and did not place them already. */
  readonly canUseLiveModel: boolean
  /** Absent: the run looked at all customers. */
  readonly sample?: SampleSummary
  /** A `PublishedModel`: the cluster stage's `model` document with the segment keys, carried along for the next comparison. */
  readonly model: unknown
}
