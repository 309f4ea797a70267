import { fitSettingsOf } from '../plan/fit-settings.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { formatRunId } from '../run/run-key.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { LabelMatch } from '../stages/validate/identity/identities.ts'
import { holdoutOf } from '../stages/validate/holdout-sql.ts'
import { measuresMargins } from '../run/margins.ts'
import type { OverrideReport } from '../stages/validate/override-report.ts'
import type { Sample } from '../run/sample.ts'
import type { FittingRun, PublishedModel } from '../stages/validate/published-model.ts'
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
  /** The live model's features of the same customers, where they were built beside; null: they were not. */
  readonly liveFeatureFiles: readonly string[] | null
  /** Values that the live model was fitted on; null: nobody looks, or nobody has them any more. */
  readonly fittedFiles: readonly string[] | null
  /** Why they could not be built, as a sentence; null: they could, or need not. */
  readonly liveProblem: string | null
  /** Null: these are all customers. */
  readonly sample: Sample | null
}

/** The column that says in money how much of the customers a move is about; null: there is none. */
export function kpiOf({ features }: ClusterModel): string | null {
  return features.features.some(({ name }) => name === KPI) ? KPI : null
}

/** Who fits a model, for as long as that is live. */
export function fittingRun(plan: RunPlan): FittingRun {
  const { pipeline } = plan.definition
  return {
    runId: formatRunId(plan),
    period: plan.period,
    settings: fitSettingsOf(pipeline),
    features: pipeline.features,
  }
}

/** What the next run needs of this one's model. */
export function carriedModel(
  { plan, model, comparedState, measures, sourceRows }: Comparison,
  matches: readonly LabelMatch[],
  known: Partial<Pick<PublishedModel, 'fittedOn' | 'fittedBy' | 'completeness'>> & {
    readonly overrides: OverrideReport | null
  },
): PublishedModel {
  const { minimumChange } = plan.definition.pipeline.validate
  const { overrides, fittedOn, fittedBy, completeness } = known
  return {
    ...model,
    segmentKeys: matches.map(({ segmentKey }) => segmentKey),
    comparedState,
    measures,
    sourceRows,
    ...(completeness && { completeness }),
    ...(overrides && { overrides }),
    ...(fittedOn && { fittedOn }),
    ...(fittedBy && { fittedBy }),
    ...(plan.pseudonymKey !== undefined && { pseudonymKey: plan.pseudonymKey }),
    holdout: holdoutOf(plan.definition.pipeline),
    ...(minimumChange > 0 && measuresMargins(model) && { minimumChange }),
  }
}
