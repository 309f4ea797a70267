import type { Generated } from 'kysely'
import type { GateOutcome } from '../../run/verdict.ts'
import type { LineageKind, MoveReason } from '../../run/transition.ts'
import type { RunState } from '../../run/run-status.ts'
import type { SegmentStatus } from '../../stages/validate/validation.ts'
import type { CustomerSegmentsView, HistoryView } from './read-views.ts'
import type { SegmentCampaignTable, SegmentKpiTable } from './kpi-row.ts'
import type { SegmentPlayTable } from './play-row.ts'
import type { RollbackTable, SnapshotTable } from './kept-tables.ts'
import type {
  AlarmTable,
  DeployedScheduleTable,
  ExpectedRunsView,
  ExpectedRunTable,
  ScheduleEventTable,
} from './schedule-tables.ts'
import type { ValidationCheckTable } from './validation-check-table.ts'

/** Instants arrive as ISO 8601 text, 64-bit integers as numbers, JSON parsed: see `openPool`. */
type Instant = string

export interface RunTable {
  run_key: string
  revision: number
  pipeline: string
  kind: 'refit' | 'score' | 'adopted'
  period: string
  as_of: Instant
  status: RunState
  verdict: GateOutcome | null
  counts: Generated<unknown>
  moved: number | null
  definition_hash: string
  input_hash: string | null
  seed: number
  code_version: string
  workflow_id: string
  temporal_run_id: string
  manifest_uri: string | null
  report_uri: string | null
  started_at: Generated<Instant>
  finished_at: Instant | null
  published_at: Instant | null
  stale_after: Instant | null
  failure: string | null
  status_document: unknown
  is_historical: Generated<boolean>
}

export interface RunEventTable {
  run_key: string
  revision: number
  event: string
  actor: string
  reason: string
  identity: string | null
  temporal_run_id: string
  fencing_token: Generated<number>
  recorded_at: Generated<Instant>
}

export interface PublicationTable {
  id: number
  pipeline: string
  run_key: string
  revision: number
  digest: string
  period: string
  as_of: Instant
  definition_hash: string
  customers: number
  clean_rows: number
  compared_with: number | null
  model: unknown
  score_names: Generated<string[]>
  score_units: Generated<string[]>
  also_layers: Generated<string[]>
  reason_labels: Generated<string[]>
  feature_names: Generated<string[]>
  fencing_token: number | null
  published_at: Instant | null
  /** Rows of `segment` as the publication left them. Null: it is not out, or an earlier version put it out. */
  catalogue: Generated<unknown>
  is_historical: Generated<boolean>
}

export interface PipelineTable {
  name: string
  publication_id: number | null
  fencing_token: Generated<number>
  newest_segment_number: Generated<number>
}

export interface SegmentTable {
  pipeline: string
  segment_key: string
  name: string
  description: string
  criteria: string
  level: Generated<number>
  parent_segment_key: Generated<string | null>
  status: SegmentStatus
  customers: number
  share: number
  first_as_of: Instant
  last_as_of: Instant
  own_key: Generated<string | null>
  layer: Generated<string | null>
  owner: Generated<string | null>
  last_publication_id: Generated<number | null>
  stability: Generated<number | null>
  rule: Generated<string | null>
  rule_sql: Generated<string | null>
  rule_precision: Generated<number | null>
  rule_coverage: Generated<number | null>
}

export interface PublicationSegmentTable {
  publication_id: number
  segment_key: string
  name: string
  customers: number
  share: number
}

export interface LineageEdgeTable {
  publication_id: number
  from_segment_key: string | null
  to_segment_key: string | null
  kind: LineageKind
  overlap: number
  parent_share: Generated<number | null>
  child_share: Generated<number | null>
}

export interface TransitionTable {
  publication_id: number
  from_segment_key: string | null
  to_segment_key: string | null
  move_reason: MoveReason | null
  customers: number
}

export interface ProfileTable {
  publication_id: number
  segment_key: string
  feature: string
  mean: number | null
  median: number | null
  p10: number | null
  p90: number | null
  null_share: number
  population_mean: number | null
  effect_size: number | null
  lift: number | null
  unit: string
}

export interface QualityCountTable {
  publication_id: number
  role: string
  source: string
  rule: string | null
  action: string | null
  matched: number | null
  rejected: number | null
  fixed: number | null
  column_name: string | null
  nulls: number | null
  distinct_values: number | null
  minimum: string | null
  maximum: string | null
  rows_in: number
  share: number | null
  position: number
}

export interface ModelCandidateTable {
  publication_id: number
  method: string
  cluster_count: number
  silhouette: number | null
  inertia: number | null
  smallest_share: number | null
  chosen: boolean
  calinski_harabasz: Generated<number | null>
  davies_bouldin: Generated<number | null>
  prediction_strength: Generated<number | null>
  minimum_jaccard: Generated<number | null>
  bic: Generated<number | null>
  start_kind: Generated<'warm' | 'cold' | null>
  reason: Generated<string | null>
  log_likelihood: Generated<number | null>
  back_test_error: Generated<number | null>
  position: number
}

export interface ComparisonMeasureTable {
  publication_id: number
  position: number
  measure: string
  subject: string | null
  value: number
  previous_value: number | null
}

/** What typed queries touch; memberships are moved by set-based SQL. */
export interface Tables {
  run: RunTable
  run_event: RunEventTable
  definition: { hash: string; document: unknown }
  validation_check: ValidationCheckTable
  publication: PublicationTable
  pipeline: PipelineTable
  segment: SegmentTable
  publication_segment: PublicationSegmentTable
  lineage_edge: LineageEdgeTable
  transition: TransitionTable
  profile: ProfileTable
  quality_count: QualityCountTable
  model_candidate: ModelCandidateTable
  comparison_measure: ComparisonMeasureTable
  segment_play: SegmentPlayTable
  segment_kpi: SegmentKpiTable
  segment_campaign: SegmentCampaignTable
  rollback: RollbackTable
  snapshot: SnapshotTable
  deployed_schedule: DeployedScheduleTable
  expected_run: ExpectedRunTable
  expected_runs: ExpectedRunsView
  schedule_event: ScheduleEventTable
  alarm: AlarmTable
  customer_segment_history: HistoryView
  customer_segments: CustomerSegmentsView
}
