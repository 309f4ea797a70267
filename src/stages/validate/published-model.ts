import type { ClusterModel } from '../cluster/model.ts'
import type { FeaturesConfig } from '../features/config.ts'
import type { FittedTransform } from '../features/transform.ts'
import type { Completeness } from './completeness.ts'
import type { Holdout } from './holdout-sql.ts'
import type { OverrideReport } from './override-report.ts'
import type { SourceRows } from './source-rows.ts'

/** Raised whenever the meaning of the stage changes. */
export const VALIDATE_VERSION = 10

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
  /** Fingerprint of the key of its customers' pseudonyms. Absent: they have their own ids. */
  readonly pseudonymKey?: string
  /** How little customers had to gain to be left where they were. Absent: everybody is where the model says. */
  readonly minimumChange?: number
  /** Whom the run held out. Absent in models from before it was kept. */
  readonly holdout?: Holdout
}

/** The run that fitted a model, and what it obeyed. */
export interface FittingRun {
  /** `shop@2026-07-01~1` */
  readonly runId: string
  /** `2026-Q2` */
  readonly period: string
  /** Key of the definition → digest of its value. */
  readonly settings: Readonly<Record<string, string>>
  /** What its definition asked for: how the model's features are built again. Absent in models from before it was kept. */
  readonly features?: FeaturesConfig
  /**
   * Digest in the address of its features: where their values are, for as long as the store keeps them. Set when the model is published, since
   * it depends on the number of shards. Absent in the same.
   */
  readonly featuresDigest?: string
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
 * Whether a live model can place the candidate's customers by the features that were built of them: each that it reads is there and measures
 * the same. Levels of a category may differ, a composition has the same.
 *
 * @param live what the ledger holds; null without a publication, anything for one that no run of ours made
 */
export function asComparableModel(live: unknown, candidate: ClusterModel, measures: Measures): PublishedModel | null {
  const model = asPublishedModel(live)
  const isBuilt = (feature: FittedTransform): boolean =>
    model!.measures[feature.name] === measures[feature.name] &&
    (feature.kind !== 'composition' || hasLevels(candidate, feature.name, feature.levels))
  return model?.features.features.every(isBuilt) ? model : null
}

function hasLevels({ features }: ClusterModel, name: string, levels: readonly string[]): boolean {
  const found = features.features.find((feature) => feature.name === name)
  return found?.kind === 'composition' && JSON.stringify(found.levels) === JSON.stringify(levels)
}

/** Settings of how clusters are looked for, and of how many: not of what a segment is. */
const SEARCH: readonly string[] = [
  ...['count', 'minimumShare', 'preferPrevious', 'refuse', 'fallback'],
  ...['seed', 'starts', 'kernel', 'sampleRows', 'bootstraps'],
].map((key) => `cluster.${key}`)

/**
 * Whether people changed what segments are made by since a model was fitted: its features, its method, its rules and cuts. Another seed or
 * another count is no such edit: what is found moves its borders.
 *
 * @param settings of the definition as it is now
 */
export function isEdited(
  { fittedBy, measures }: PublishedModel,
  settings: FittingRun['settings'],
  now: Measures,
): boolean {
  if (!fittedBy) return Object.keys({ ...measures, ...now }).some((name) => measures[name] !== now[name])
  const keys = [...new Set([...Object.keys(fittedBy.settings), ...Object.keys(settings)])]
  return keys.some((key) => !SEARCH.includes(key) && fittedBy.settings[key] !== settings[key])
}

export function asPublishedModel(live: unknown): PublishedModel | null {
  const model = live as Partial<PublishedModel> | null
  return model?.formatVersion === 2 && Array.isArray(model.segmentKeys) && model.measures
    ? (model as PublishedModel)
    : null
}
