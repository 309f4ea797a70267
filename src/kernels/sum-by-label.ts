import type { Matrix } from '../ports/kernel-pool.ts'
import { chunkRows, scratchOf } from './scratch.ts'
import type { CompiledModule } from './web-assembly.ts'

export interface LabelSums {
  /** Shape (clusterCount, dimensions). */
  readonly sums: Float64Array
  readonly sizes: Float64Array
}

/** Sums of the rows [start, end) by label, in row order, and how many there are; with weights, times and of those. */
export function sumByLabel(
  kernel: CompiledModule,
  { dimensions, values }: Matrix,
  labels: Int32Array,
  weights: Float64Array | undefined,
  clusterCount: number,
  start: number,
  end: number,
): LabelSums {
  const scratch = scratchOf(kernel)
  const chunk = chunkRows(dimensions)
  const rows = scratch.doubles(chunk * dimensions)
  const sums = scratch.doubles(clusterCount * dimensions).fill(0)
  const sizes = scratch.doubles(clusterCount).fill(0)
  const labelsThere = scratch.integers(chunk)
  const weightsThere = scratch.doubles(chunk)
  for (let from = start; from < end; from += chunk) {
    const to = Math.min(from + chunk, end)
    rows.set(values.subarray(from * dimensions, to * dimensions))
    labelsThere.set(labels.subarray(from, to))
    if (weights) weightsThere.set(weights.subarray(from, to))
    scratch.kernel.sumByLabel(
      ...[rows.byteOffset, to - from, dimensions, labelsThere.byteOffset],
      ...[weights ? weightsThere.byteOffset : 0, sums.byteOffset, sizes.byteOffset],
    )
  }
  return { sums: Float64Array.from(sums), sizes: Float64Array.from(sizes) }
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
