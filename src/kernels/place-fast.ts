import type { Placement } from '../ports/kernel-pool.ts'
import { findNearest } from './find-nearest.ts'
import type { RowsToPlace } from './find-nearest.ts'
import type { CompiledModule } from './web-assembly.ts'

/** `placeRows` with the fast kernel: the same bits. */
export function placeFast(kernel: CompiledModule, rows: RowsToPlace, placement: Placement): void {
  findNearest(kernel, rows, true, ({ from, to, labels, squares, nextLabels, nextSquares }) => {
    const count = to - from
    placement.labels.set(labels.subarray(0, count), from)
    placement.nextLabels.set(nextLabels.subarray(0, count), from)
    for (let i = 0; i < count; i++) {
      placement.distances[from + i] = Math.sqrt(squares[i]!)
      placement.nextDistances[from + i] = Math.sqrt(nextSquares[i]!)
    }
  })
}

export interface Relabelled {
  /** Sum of the squared distances to the nearest centres, in row order, each times its row's weight. */
  readonly inertia: number
  /** Rows that have another label than before. */
  readonly moved: number
}

/** Gives the rows [start, end) the labels of their nearest centres. */
export function relabelFast(
  kernel: CompiledModule,
  rows: RowsToPlace,
  labels: Int32Array,
  weights: Float64Array | undefined,
): Relabelled {
  let inertia = 0
  let moved = 0
  findNearest(kernel, rows, false, ({ from, to, labels: nearest, squares }) => {
    for (let row = from; row < to; row++) {
      const square = squares[row - from]!
      const label = nearest[row - from]!
      inertia += weights ? weights[row]! * square : square
      if (labels[row] === label) continue
      labels[row] = label
      moved += 1
    }
  })
  return { inertia, moved }
}
