import { quantileSorted } from '../../../stats/quantile.ts'
import type { ModelCandidate } from '../model.ts'
import { chooseCount } from './choose-count.ts'
import type { NumberedClusters } from './number-clusters.ts'

/** Customers farther from their centre than this share of the fitted sample are outliers. */
const OUTLIER_SHARE = 0.995

/** One count of clusters, fitted. */
export interface FittedCount extends NumberedClusters {
  readonly silhouette: number | null
  readonly inertia: number
  readonly seed: number
}

/** Picks the best of the fits and puts the others beside it as evidence. */
export function chooseFit(fits: readonly FittedCount[]): {
  fit: FittedCount
  candidates: readonly ModelCandidate[]
} {
  const best = chooseCount(fits.map(({ centres, silhouette }) => ({ clusterCount: centres.length, silhouette })))
  const candidates = fits.map(({ centres, sizes, silhouette, inertia }, i) => ({
    method: 'kmeans',
    clusterCount: centres.length,
    silhouette,
    inertia,
    smallestShare: Math.min(...sizes) / sizes.reduce((sum, size) => sum + size, 0),
    chosen: i === best,
  }))
  return { fit: fits[best]!, candidates }
}

/** @param distances of the sample's rows to their centres, any order */
export function outlierDistance(distances: Float64Array): number {
  return quantileSorted(distances.toSorted(), OUTLIER_SHARE)
}
