import type { Matrix, Placement } from '../ports/kernel-pool.ts'
import type { PlaceTask } from './kernel-worker.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'

/** Rows a task places or adds up, whatever the number of threads. */
export const PIECE_ROWS = 65_536

/**
 * @param matrix values in shared memory, as are the weights
 * @returns the nearest centres, and the sum of the squared distances to them, times the rows' weights
 */
export async function placeInPieces(
  matrix: Matrix,
  centres: Float64Array,
  weights: Float64Array | undefined,
  run: RunInThread,
  signal: AbortSignal | undefined,
): Promise<{ placement: Placement; inertia: number }> {
  const { rowCount, dimensions, values } = matrix
  const placement = sharePlacement(rowCount)
  const sums = await runTasks(
    splitRows(rowCount, PIECE_ROWS).map((piece): PlaceTask => ({
      ...{ values, dimensions, centres, placement, weights },
      ...piece,
    })),
    (task, scope) => run('place', task, scope) as Promise<number>,
    signal,
  )
  return { placement, inertia: sums.reduce((sum, ofPiece) => sum + ofPiece, 0) }
}

function sharePlacement(rowCount: number): Placement {
  const integers = (): Int32Array => new Int32Array(new SharedArrayBuffer(rowCount * Int32Array.BYTES_PER_ELEMENT))
  const floats = (): Float64Array => new Float64Array(new SharedArrayBuffer(rowCount * Float64Array.BYTES_PER_ELEMENT))
  return { labels: integers(), nextLabels: integers(), distances: floats(), nextDistances: floats() }
}
