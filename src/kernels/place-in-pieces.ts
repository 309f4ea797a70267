import type { Matrix, Placement } from '../ports/kernel-pool.ts'
import type { PlaceTask } from './kernel-worker.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import type { CompiledModule } from './web-assembly.ts'

/** Rows a task places or adds up, whatever the number of threads. */
export const PIECE_ROWS = 32_768

/**
 * @param kernel undefined: without it, with the same bits
 * @param matrix values in shared memory
 */
export async function placeInPieces(
  kernel: CompiledModule | undefined,
  matrix: Matrix,
  centres: Float64Array,
  run: RunInThread,
  signal: AbortSignal | undefined,
): Promise<Placement> {
  const { rowCount, dimensions, values } = matrix
  const placement = sharePlacement(rowCount)
  await runTasks(
    splitRows(rowCount, PIECE_ROWS).map((piece): PlaceTask => ({
      ...{ kernel, values, dimensions, centres, placement },
      ...piece,
    })),
    (task, scope) => run('place', task, scope),
    signal,
  )
  return placement
}

function sharePlacement(rowCount: number): Placement {
  const integers = (): Int32Array => new Int32Array(new SharedArrayBuffer(rowCount * Int32Array.BYTES_PER_ELEMENT))
  const floats = (): Float64Array => new Float64Array(new SharedArrayBuffer(rowCount * Float64Array.BYTES_PER_ELEMENT))
  return { labels: integers(), nextLabels: integers(), distances: floats(), nextDistances: floats() }
}
