/** Nearest and next nearest centres of rows, as the kernel pool gives them. */
export interface NearestCentres {
  readonly labels: Int32Array
  readonly nextLabels: Int32Array
  readonly distances: Float64Array
  readonly nextDistances: Float64Array
}

/** Columns of the candidate that come from arithmetic; `next_cluster` is −1 where there is none, `is_outlier` 0 or 1. */
export interface PlacedColumns {
  readonly cluster: Int32Array
  readonly distance: Float64Array
  readonly confidence: Float64Array
  readonly next_cluster: Int32Array
  readonly is_outlier: Int32Array
}

/**
 * Confidence is (d2 − d1) ÷ d2: 0 on the border of two clusters, 1 at a centre or with nothing else to belong to. It is no probability.
 *
 * @param outlierDistance rows farther from their centre than this are outliers
 */
export function placedColumns(nearest: NearestCentres, outlierDistance: number): PlacedColumns {
  const { labels, nextLabels, distances, nextDistances } = nearest
  return {
    cluster: labels,
    distance: distances,
    confidence: distances.map((distance, i) => confidenceOf(distance, nextDistances[i]!)),
    next_cluster: nextLabels,
    is_outlier: Int32Array.from(distances, (distance) => (distance > outlierDistance ? 1 : 0)),
  }
}

function confidenceOf(distance: number, nextDistance: number): number {
  if (nextDistance === Infinity) return 1
  return nextDistance === 0 ? 0 : (nextDistance - distance) / nextDistance
}
