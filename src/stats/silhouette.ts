import { squaredDistance } from './distance.ts'

/**
 * Silhouette widths (Rousseeuw 1987) of the rows [start, end): (b − a) ÷ max(a, b), where a is the mean Euclidean distance to the
 * other rows of the same cluster and b the smallest mean distance to the rows of another one. O(rows × (end − start)).
 *
 * @param values shape (rows, dimensions), row-major
 * @param labels shape (rows), 0 to clusterCount − 1
 * @returns shape (end − start), each −1 to 1; 0 for a row alone in its cluster, and for all rows when only one cluster has any
 */
export function silhouetteWidths(
  values: Float64Array,
  dimensions: number,
  labels: Int32Array,
  clusterCount: number,
  start: number,
  end: number,
): Float64Array {
  const sizes = new Float64Array(clusterCount)
  for (const label of labels) sizes[label]! += 1
  const widths = new Float64Array(end - start)
  const sums = new Float64Array(clusterCount)
  for (let i = start; i < end; i++) {
    sums.fill(0)
    for (let other = 0; other < labels.length; other++) {
      sums[labels[other]!]! += Math.sqrt(
        squaredDistance(values, i * dimensions, values, other * dimensions, dimensions),
      )
    }
    widths[i - start] = widthOf(sums, sizes, labels[i]!)
  }
  return widths
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
