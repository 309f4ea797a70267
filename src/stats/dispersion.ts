import type { Partition } from './silhouette.ts'

/** How rows lie around the centres of their clusters. Clusters without rows count for nothing. */
export interface Dispersion {
  readonly rowCount: number
  readonly dimensions: number
  /** Shape (clusters that have rows). */
  readonly sizes: readonly number[]
  /** Means of the clusters, in the order of `sizes`. */
  readonly centres: readonly Float64Array[]
  /** Mean of all rows. */
  readonly centre: Float64Array
  /** Of each cluster: the sum of the squared distances of its rows to its centre. */
  readonly squares: readonly number[]
  /** Of each cluster: the mean distance of its rows to its centre. */
  readonly meanDistances: readonly number[]
}

/** @param values shape (rows, dimensions), row-major */
export function dispersionOf(
  values: Float64Array,
  dimensions: number,
  { labels, clusterCount }: Partition,
): Dispersion {
  const rowCount = labels.length
  const sizes = new Float64Array(clusterCount)
  const centres = Array.from({ length: clusterCount }, () => new Float64Array(dimensions))
  const centre = new Float64Array(dimensions)
  for (let i = 0, at = 0; i < rowCount; i++) {
    const own = centres[labels[i]!]!
    sizes[labels[i]!]! += 1
    for (let j = 0; j < dimensions; j++, at++) {
      own[j]! += values[at]!
      centre[j]! += values[at]!
    }
  }
  centres.forEach((own, cluster) => own.forEach((sum, j) => (own[j] = sum / sizes[cluster]!)))
  centre.forEach((sum, j) => (centre[j] = sum / rowCount))
  const squares = new Float64Array(clusterCount)
  const distances = new Float64Array(clusterCount)
  for (let i = 0, at = 0; i < rowCount; i++) {
    const own = centres[labels[i]!]!
    let square = 0
    for (let j = 0; j < dimensions; j++, at++) square += (values[at]! - own[j]!) ** 2
    squares[labels[i]!]! += square
    distances[labels[i]!]! += Math.sqrt(square)
  }
  const filled = Array.from(sizes.keys()).filter((cluster) => sizes[cluster]! > 0)
  return {
    ...{ rowCount, dimensions, centre },
    sizes: filled.map((cluster) => sizes[cluster]!),
    centres: filled.map((cluster) => centres[cluster]!),
    squares: filled.map((cluster) => squares[cluster]!),
    meanDistances: filled.map((cluster) => distances[cluster]! / sizes[cluster]!),
  }
}
