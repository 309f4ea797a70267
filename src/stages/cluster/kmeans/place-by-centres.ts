/** Nearest and next nearest centres of rows, as the kernel pool gives them. */
export interface NearestCentres {
  readonly labels: Int32Array
  readonly nextLabels: Int32Array
  readonly distances: Float64Array
  readonly nextDistances: Float64Array
}

/**
 * Confidence of each row: (d2 − d1) ÷ d2, 0 on the border of two clusters, 1 at a centre or with nothing else to belong to. It is no
 * probability.
 */
export function confidences({ distances, nextDistances }: NearestCentres): Float64Array {
  return distances.map((distance, i) => confidenceOf(distance, nextDistances[i]!))
}

/** @param limit rows farther from their centre are outliers: 1 */
export function outliers({ distances }: NearestCentres, limit: number): Int32Array {
  return Int32Array.from(distances, (distance) => (distance > limit ? 1 : 0))
}

function confidenceOf(distance: number, nextDistance: number): number {
  if (nextDistance === Infinity) return 1
  return nextDistance === 0 ? 0 : (nextDistance - distance) / nextDistance
}
