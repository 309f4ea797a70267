import { squaredDistance } from './distance.ts'

/** Labels of the same rows, 0 to clusterCount − 1. */
export interface Partition {
  readonly labels: Int32Array
  readonly clusterCount: number
}

/**
 * Silhouette widths (Rousseeuw 1987) of the rows [start, end) in each of some partitions: (b − a) ÷ max(a, b), where a is the mean Euclidean
 * distance to the other rows of the same cluster and b the smallest mean distance to the rows of another one. The distances, which cost most,
 * are the same for all partitions. O(rows × (end − start)).
 *
 * @param values shape (rows, dimensions), row-major
 * @returns of each partition shape (end − start), each −1 to 1; 0 for a row alone in its cluster, and for all rows when only one cluster has any
 */
export function silhouetteWidths(
  values: Float64Array,
  dimensions: number,
  partitions: readonly Partition[],
  start: number,
  end: number,
): readonly Float64Array[] {
  const rowCount = values.length / dimensions
  const sizes = partitions.map(sizesOf)
  const widths = partitions.map(() => new Float64Array(end - start))
  const sums = partitions.map(({ clusterCount }) => new Float64Array(clusterCount))
  const distances = new Float64Array(rowCount)
  for (let i = start; i < end; i++) {
    for (let other = 0; other < rowCount; other++)
      distances[other] = Math.sqrt(squaredDistance(values, i * dimensions, values, other * dimensions, dimensions))
    for (let p = 0; p < partitions.length; p++) {
      addByLabel(distances, partitions[p]!.labels, sums[p]!)
      widths[p]![i - start] = widthOf(sums[p]!, sizes[p]!, partitions[p]!.labels[i]!)
    }
  }
  return widths
}

function sizesOf({ labels, clusterCount }: Partition): Float64Array {
  const sizes = new Float64Array(clusterCount)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

function addByLabel(distances: Float64Array, labels: Int32Array, sums: Float64Array): void {
  sums.fill(0)
  for (let i = 0; i < distances.length; i++) sums[labels[i]!]! += distances[i]!
}

function widthOf(sums: Float64Array, sizes: Float64Array, own: number): number {
  if (sizes[own]! < 2) return 0
  const within = sums[own]! / (sizes[own]! - 1)
  let nearest = Infinity
  for (let cluster = 0; cluster < sums.length; cluster++) {
    if (cluster === own || sizes[cluster] === 0) continue
    nearest = Math.min(nearest, sums[cluster]! / sizes[cluster]!)
  }
  const larger = Math.max(within, nearest)
  return nearest === Infinity || larger === 0 ? 0 : (nearest - within) / larger
}
