import { groupByFour } from './place-rows.ts'
import { chunkRows, scratchOf } from './scratch.ts'
import type { Scratch } from './scratch.ts'
import type { CompiledModule } from './web-assembly.ts'

/** Nearest centres of some rows: views that the next chunk overwrites. */
export interface NearestChunk {
  readonly from: number
  readonly to: number
  readonly labels: Int32Array
  /** Squared distances. */
  readonly squares: Float64Array
  /** Of the next nearest centres; meaningless when they were not wanted. */
  readonly nextLabels: Int32Array
  readonly nextSquares: Float64Array
}

export interface RowsToPlace {
  /** Shape (rows, dimensions), row-major. */
  readonly values: Float64Array
  readonly dimensions: number
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  readonly start: number
  readonly end: number
}

/** Finds the nearest centres of the rows [start, end), a chunk at a time; to the bit what `placeRows` finds. */
export function findNearest(
  kernel: CompiledModule,
  { values, dimensions, centres, start, end }: RowsToPlace,
  wantsNext: boolean,
  take: (chunk: NearestChunk) => void,
): void {
  const scratch = scratchOf(kernel)
  const chunk = chunkRows(dimensions)
  const groups = groupByFour(centres, dimensions)
  const rows = scratch.doubles(chunk * dimensions)
  const groupsThere = scratch.doubles(groups.length)
  groupsThere.set(groups)
  const columns = scratch.doubles(4 * dimensions)
  const [labels, squares, nextLabels, nextSquares] = [...columnsOf(scratch, chunk), ...columnsOf(scratch, chunk)]
  for (let from = start; from < end; from += chunk) {
    const to = Math.min(from + chunk, end)
    rows.set(values.subarray(from * dimensions, to * dimensions))
    scratch.kernel.findNearest(
      ...[rows.byteOffset, Math.ceil((to - from) / 4), dimensions, groupsThere.byteOffset],
      ...[groups.length / dimensions / 4, columns.byteOffset, labels.byteOffset, squares.byteOffset],
      ...[wantsNext ? nextLabels.byteOffset : 0, nextSquares.byteOffset],
    )
    take({ from, to, labels, squares, nextLabels, nextSquares })
  }
}

function columnsOf(scratch: Scratch, chunk: number): [Int32Array, Float64Array] {
  return [scratch.integers(chunk), scratch.doubles(chunk)]
}
