import { chooseCandidate } from '../choose-candidate.ts'
import type { ChoiceRules } from '../choose-candidate.ts'
import type { NumberedClusters } from '../kmeans/number-clusters.ts'
import type { ModelCandidate } from '../model.ts'

/** One count of prototypes, fitted. */
export interface FittedPrototypes extends NumberedClusters {
  readonly silhouette: number | null
  /** What the fit made small: squared distances of numbers and γ for each category that differs. */
  readonly cost: number
  readonly seed: number
}

/** The count that `chooseCandidate` takes; the others stand beside it as evidence. Stability is not judged: refits by means are no k-prototypes. */
export function choosePrototypes(
  fits: readonly FittedPrototypes[],
  rules: ChoiceRules,
): {
  readonly fit: FittedPrototypes
  readonly candidates: readonly ModelCandidate[]
} {
  const judged = fits.map(({ centres, sizes, silhouette }) => ({
    clusterCount: centres.length,
    silhouette,
    predictionStrength: null,
    minimumJaccard: null,
    smallestShare: Math.min(...sizes) / sizes.reduce((sum, size) => sum + size, 0),
  }))
  const { index, reasons } = chooseCandidate(judged, rules)
  const candidates = fits.map(({ cost }, i) => ({
    method: 'mixed',
    ...judged[i]!,
    inertia: cost,
    chosen: i === index,
    reason: reasons[i]!,
  }))
  return { fit: fits[index]!, candidates }
}
