import { quantileSorted } from '../../stats/quantile.ts'
import type { FittedTransforms } from '../features/transform.ts'
import type { ClusterConfig } from './config.ts'
import { chooseCount } from './choose-count.ts'
import type { NumberedClusters } from './number-clusters.ts'

/** Raised whenever the meaning of the stage changes. */
export const CLUSTER_VERSION = 3

/** Customers farther from their centre than this share of the fitted sample are outliers. */
const OUTLIER_SHARE = 0.995

/** A count of clusters that was tried, as `Validation.modelSelection` has it. */
export interface ModelCandidate {
  readonly method: string
  readonly clusterCount: number
  readonly silhouette: number | null
  readonly inertia: number
  /** Share of the fitted sample in the smallest cluster. */
  readonly smallestShare: number
  readonly chosen: boolean
}

/** Everything needed to place a customer: document `model` of the cluster stage. */
export interface ClusterModel {
  readonly formatVersion: 1
  readonly method: ClusterConfig['method']
  /** What computed it: not always what was asked for, see `cluster.kernel`. */
  readonly kernel: ClusterConfig['kernel']
  /** In the order of their names, which is the order of the coordinates. */
  readonly features: FittedTransforms
  readonly clusterCount: number
  /** Shape (clusterCount, features), in the space of the transformed features. Number 0 is the largest cluster of those the centres were fitted on. */
  readonly centres: readonly (readonly number[])[]
  /** Of the start that won. */
  readonly seed: number
  /** Customers the centres were fitted on. */
  readonly fittedCustomers: number
  /** Sum of squared distances over the sample, as of every candidate. */
  readonly inertia: number
  readonly silhouette: number | null
  /** The 99.5 % quantile of the sample's distances to their centres. */
  readonly outlierDistance: number
  readonly candidates: readonly ModelCandidate[]
}

/** One count of clusters, fitted. */
export interface FittedCount extends NumberedClusters {
  readonly silhouette: number | null
  readonly inertia: number
  readonly seed: number
}

/** Picks the best of the fits and puts the others beside it as evidence. */
export function chooseFit(
  method: ClusterConfig['method'],
  fits: readonly FittedCount[],
): { fit: FittedCount; candidates: readonly ModelCandidate[] } {
  const best = chooseCount(fits.map(({ centres, silhouette }) => ({ clusterCount: centres.length, silhouette })))
  const candidates = fits.map(({ centres, sizes, silhouette, inertia }, i) => ({
    method,
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

/** Centres as the kernels take them: shape (clusterCount, dimensions), row-major. */
export function flattenCentres(model: Pick<ClusterModel, 'centres'>): Float64Array {
  return Float64Array.from(model.centres.flat())
}
