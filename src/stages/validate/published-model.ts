import type { ClusterModel } from '../cluster/model.ts'
import type { Completeness } from './completeness.ts'
import type { OverrideReport } from './override-report.ts'
import type { SourceRows } from './source-rows.ts'

/** Raised whenever the meaning of the stage changes. */
export const VALIDATE_VERSION = 6

/** The model of a publication: what the next run needs to tell behaviour from moved borders. */
export interface PublishedModel extends ClusterModel {
  /** Segment of each cluster number. */
  readonly segmentKeys: readonly string[]
  /** Digest of the published state that the run was compared with: leads a reset of the published run back to its validation. */
  readonly comparedState: string
  /** What each feature measures. */
  readonly measures: Measures
  /** Absent in models of publications from before they were kept. */
  readonly sourceRows?: SourceRows
  /** Absent in the same. */
  readonly completeness?: Completeness
  /** Absent where nobody put a customer anywhere. */
  readonly overrides?: OverrideReport
  /** Customers as the run that fitted the model placed them. Absent in models from before they were kept. */
  readonly fittedOn?: PlacedCustomers
  /** Absent in the same. */
  readonly fittedBy?: FittingRun
}

/** The run that fitted a model, and what it obeyed. */
export interface FittingRun {
  /** `shop@2026-07-01~1` */
  readonly runId: string
  /** `2026-Q2` */
  readonly period: string
  /** Key of the definition → digest of its value. */
  readonly settings: Readonly<Record<string, string>>
}

/** How a model places customers, in numbers. */
export interface PlacedCustomers {
  /** Of each cluster that customers are in first of all, in the order of their numbers. */
  readonly sizes: readonly number[]
  /** Far from all clusters. */
  readonly outliers: number
}

/** Instance of a feature → what it measures (feature, window, its own settings), as text. */
export type Measures = Readonly<Record<string, string>>

/**
 * Whether a live model can place the candidate's customers: it reads the same columns, that measure the same, in the same order. Levels
 * of a category may differ, a composition has the same.
 *
 * @param live what the ledger holds; null without a publication, anything for one that no run of ours made
 */
export function asComparableModel(live: unknown, candidate: ClusterModel, measures: Measures): PublishedModel | null {
  const model = asPublishedModel(live)
  const names = ({ features }: ClusterModel): string =>
    JSON.stringify(
      features.features.map((one) => [one.kind, one.name, ...(one.kind === 'composition' ? one.levels : [])]),
    )
  if (!model || names(model) !== names(candidate)) return null
  return candidate.features.features.every(({ name }) => model.measures[name] === measures[name]) ? model : null
}

export function asPublishedModel(live: unknown): PublishedModel | null {
  const model = live as Partial<PublishedModel> | null
  return model?.formatVersion === 2 && Array.isArray(model.segmentKeys) && model.measures
    ? (model as PublishedModel)
    : null
}
