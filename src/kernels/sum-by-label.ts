import type { Matrix } from '../ports/kernel-pool.ts'

export interface LabelSums {
  /** Shape (clusterCount, dimensions). */
  readonly sums: Float64Array
  readonly sizes: Float64Array
}

/** Sums of the rows [start, end) by label, in row order, and how many there are; with weights, times and of those. */
export function sumByLabel(
  { dimensions, values }: Matrix,
  labels: Int32Array,
  weights: Float64Array | undefined,
  clusterCount: number,
  start: number,
  end: number,
): LabelSums {
  const sums = new Float64Array(clusterCount * dimensions)
  const sizes = new Float64Array(clusterCount)
  for (let i = start; i < end; i++) {
    const label = labels[i]!
    const weight = weights ? weights[i]! : 1
    sizes[label]! += weight
    for (let j = 0; j < dimensions; j++) sums[label * dimensions + j]! += weight * values[i * dimensions + j]!
  }
  return { sums, sizes }
}

/**
 * Means of the clusters; one without rows keeps its centre.
 *
 * @param pieces in row order
 */
export function meansOf(pieces: readonly LabelSums[], centres: Float64Array): Float64Array {
  const sizes = new Float64Array(pieces[0]!.sizes.length)
  const sums = new Float64Array(centres.length)
  for (const piece of pieces) {
    piece.sizes.forEach((size, cluster) => (sizes[cluster]! += size))
    piece.sums.forEach((sum, i) => (sums[i]! += sum))
  }
  const dimensions = centres.length / sizes.length
  return sums.map((sum, i) => {
    const size = sizes[Math.floor(i / dimensions)]!
    return size === 0 ? centres[i]! : sum / size
  })
}
