import type { ComparisonMeasure } from './measures.ts'

/** Sums over customers, which come in the same order each time. */
export interface SpreadSums {
  readonly dimensions: number
  /** Of squared distances to the nearest live centre. */
  toLive: number
  /** Customers of each cluster. */
  readonly counts: Float64Array
  /** Shape (clusters, dimensions), row-major. */
  readonly means: Float64Array
  /** Sum of squared distances of each cluster to its own mean (Welford 1962). */
  readonly within: Float64Array
}

export function openSpread(clusterCount: number, dimensions: number): SpreadSums {
  return {
    dimensions,
    toLive: 0,
    counts: new Float64Array(clusterCount),
    means: new Float64Array(clusterCount * dimensions),
    within: new Float64Array(clusterCount),
  }
}

/**
 * Adds some customers.
 *
 * @param values coordinates in the scaling of the live model, shape (rows, dimensions)
 * @param clusters of the candidate, one a row
 * @param centres of the live model, shape (centres, dimensions)
 */
export function addSpread(
  sums: SpreadSums,
  values: Float64Array,
  clusters: Int32Array,
  centres: readonly (readonly number[])[],
): void {
  const { dimensions, counts, means, within } = sums
  for (let row = 0; row < clusters.length; row++) {
    const at = row * dimensions
    sums.toLive += nearestSquared(values, at, centres)
    const cluster = clusters[row]!
    const count = (counts[cluster]! += 1)
    let added = 0
    for (let i = 0; i < dimensions; i++) {
      const value = values[at + i]!
      const off = value - means[cluster * dimensions + i]!
      const mean = (means[cluster * dimensions + i]! += off / count)
      added += off * (value - mean)
    }
    within[cluster]! += added
  }
}

function nearestSquared(values: Float64Array, at: number, centres: readonly (readonly number[])[]): number {
  let nearest = Infinity
  for (const centre of centres) {
    let squared = 0
    for (let i = 0; i < centre.length; i++) squared += (values[at + i]! - centre[i]!) ** 2
    if (squared < nearest) nearest = squared
  }
  return nearest
}

/** How tightly the new segments hold their customers, and the live centres would hold them. */
export function compareSpread({ toLive, counts, within }: SpreadSums): readonly ComparisonMeasure[] {
  const customers = counts.reduce((sum, count) => sum + count, 0)
  if (customers === 0) return []
  const value = within.reduce((sum, one) => sum + one, 0) / customers
  return [{ measure: 'mean_squared_distance', subject: null, value, previous: toLive / customers }]
}
