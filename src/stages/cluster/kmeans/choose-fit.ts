import type { Separation } from '../../../stats/measure-separation.ts'
import { quantileSorted } from '../../../stats/quantile.ts'
import { chooseCandidate } from '../choose-candidate.ts'
import type { ChoiceRules } from '../choose-candidate.ts'
import type { ModelCandidate } from '../model.ts'
import type { NumberedClusters } from './number-clusters.ts'

/** Customers farther from their centre than this share of the fitted sample are outliers. */
const OUTLIER_SHARE = 0.995

/** One count of clusters, fitted and judged. */
export interface FittedCount extends NumberedClusters, Separation {
  readonly silhouette: number | null
  readonly inertia: number
  readonly seed: number
  readonly start: 'warm' | 'cold'
  /** By cluster; null where there was nothing to judge. */
  readonly jaccards: readonly (number | null)[]
  readonly predictionStrength: number | null
}

/** Picks one of the fits and puts the others beside it as evidence. */
export function chooseFit(
  fits: readonly FittedCount[],
  rules: ChoiceRules,
): { fit: FittedCount; candidates: readonly ModelCandidate[] } {
  const judged = fits.map(({ centres, sizes, jaccards, silhouette, predictionStrength }) => ({
    clusterCount: centres.length,
    silhouette,
    predictionStrength,
    smallestShare: Math.min(...sizes) / sizes.reduce((sum, size) => sum + size, 0),
    minimumJaccard: leastOf(jaccards),
  }))
  const { index, reasons } = chooseCandidate(judged, rules)
  const candidates = fits.map(({ inertia, calinskiHarabasz, daviesBouldin, start }, i) => ({
    method: 'kmeans',
    ...judged[i]!,
    ...{ inertia, calinskiHarabasz, daviesBouldin, start },
    chosen: i === index,
    reason: reasons[i]!,
  }))
  return { fit: fits[index]!, candidates }
}

function leastOf(jaccards: readonly (number | null)[]): number | null {
  const known = jaccards.filter((jaccard) => jaccard !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/** @param distances of the sample's rows to their centres, any order */
export function outlierDistance(distances: Float64Array): number {
  return quantileSorted(distances.toSorted(), OUTLIER_SHARE)
}
