import type { Matrix } from '../../ports/kernel-pool.ts'
import { centreReasons } from '../../stages/cluster/centre-reasons.ts'
import { confidences, outliers } from '../../stages/cluster/kmeans/place-by-centres.ts'
import type { Placed } from '../../stages/cluster/placed.ts'
import { signReasons } from '../../stages/cluster/sign-reasons.ts'
import type { PlaceTools } from './method.ts'

export interface Centres {
  /** Shape (clusters, dimensions), row-major. */
  readonly points: Float64Array
  /** Feature that each dimension comes from. */
  readonly ofDimension: Int32Array
  readonly featureCount: number
  /** Customers farther from their centre are outliers. */
  readonly outlierDistance: number
}

/** Puts each customer where the nearest centre is, for the features that pull it there. */
export async function placeByCentres(
  matrix: Matrix,
  { points, ofDimension, featureCount, outlierDistance }: Centres,
  { kernels, signal }: PlaceTools,
): Promise<Placed> {
  const { values, dimensions } = matrix
  const nearest = await kernels.place(matrix, points, points.length / dimensions, signal)
  const { labels, nextLabels } = nearest
  const pulls = centreReasons(values, dimensions, ofDimension, featureCount, points, labels, nextLabels)
  return {
    cluster: labels,
    nextCluster: nextLabels,
    distance: nearest.distances,
    confidence: confidences(nearest),
    isOutlier: outliers(nearest, outlierDistance),
    layer: null,
    scores: [],
    also: [],
    reasons: signReasons(pulls, values, ofDimension),
  }
}
