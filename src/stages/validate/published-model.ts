import type { ClusterModel } from '../cluster/model.ts'

/** Raised whenever the meaning of the stage changes. */
export const VALIDATE_VERSION = 2

/** The model of a publication: what the next run needs to tell behaviour from moved borders. */
export interface PublishedModel extends ClusterModel {
  /** Segment of each cluster number. */
  readonly segmentKeys: readonly string[]
  /** Digest of the published state that the run was compared with: leads a reset of the published run back to its validation. */
  readonly comparedState: string
  /** Time span of each feature, null for all time; absent in models of before. */
  readonly windows?: Windows
}

/** By name of the feature. */
export type Windows = Readonly<Record<string, string | null>>

/**
 * Whether a live model can place the candidate's customers: it has the same features over the same time spans, in the same order.
 *
 * @param live what the ledger holds; null without a publication, anything for one that no run of ours made
 */
export function asComparableModel(live: unknown, candidate: ClusterModel, windows: Windows): PublishedModel | null {
  const model = asPublishedModel(live)
  const names = ({ features }: ClusterModel): string => features.features.map(({ name }) => name).join()
  if (!model || names(model) !== names(candidate)) return null
  const known = model.windows
  return !known || Object.entries(windows).every(([name, window]) => known[name] === window) ? model : null
}

export function asPublishedModel(live: unknown): PublishedModel | null {
  const model = live as Partial<PublishedModel> | null
  return model?.formatVersion === 1 && Array.isArray(model.segmentKeys) ? (model as PublishedModel) : null
}
