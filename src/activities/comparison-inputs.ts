import { fitSettingsOf } from '../plan/fit-settings.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { formatRunId } from '../run/run-key.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { Sample } from '../run/sample.ts'
import type { FittingRun } from '../stages/validate/published-model.ts'
import type { SourceRows } from '../stages/validate/source-rows.ts'
import type { StatedRows } from './apply-overrides.ts'
import type { ComparedSegments } from './identify-segments.ts'

/** What customers are worth in money, where the pipeline has it. */
const KPI = 'monetary'

/** What is compared: the candidate on the worker's disk, and what is live. */
export interface Comparison extends ComparedSegments, StatedRows {
  /** Digest of `state`, carried in the model. */
  readonly comparedState: string
  readonly cleanRows: number
  readonly sourceRows: SourceRows
  /** Null: these are all customers. */
  readonly sample: Sample | null
}

/** The column that says in money how much of the customers a move is about; null: there is none. */
export function kpiOf({ features }: ClusterModel): string | null {
  return features.features.some(({ name }) => name === KPI) ? KPI : null
}

/** Who fits a model, for as long as that is live. */
export function fittingRun(plan: RunPlan): FittingRun {
  return { runId: formatRunId(plan), period: plan.period, settings: fitSettingsOf(plan.definition.pipeline) }
}
