import type { KMeansFit, KMeansRequest, Matrix } from '../ports/kernel-pool.ts'
import type { FastFit } from './fast-fit.ts'
import type { SumTask } from './kernel-worker.ts'
import { PackedMatrix } from './packed-matrix.ts'
import { PIECE_ROWS, placeInPieces } from './place-in-pieces.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import { shareMatrix, shareValues } from './share-matrix.ts'
import { meansOf } from './sum-by-label.ts'
import type { LabelSums } from './sum-by-label.ts'
import type { CompiledModule } from './web-assembly.ts'

/** Steps in double precision after a fit has converged in single; mostly the second finds nothing left to do. */
const EXACT_STEPS = 3

interface Pack {
  readonly weights: Float64Array | undefined
  readonly matrix: Promise<PackedMatrix>
}

/** k-means on the fast kernel: all starts in single precision, then the best of them to its fixed point in double precision. */
export class FastKMeans {
  private readonly kernel: CompiledModule
  private readonly threads: number
  private readonly run: RunInThread
  private readonly packs = new WeakMap<Matrix, Pack>()

  constructor(kernel: CompiledModule, threads: number, run: RunInThread) {
    this.kernel = kernel
    this.threads = threads
    this.run = run
  }

  async fit(request: KMeansRequest, tolerance: number, signal: AbortSignal | undefined): Promise<KMeansFit> {
    const { clusterCount, seeds, centres, weights, maxIterations } = request
    const matrix = shareMatrix(request.matrix)
    const begins = [...(centres ? [centres] : []), ...seeds]
    const packed = await this.pack(request.matrix, matrix, weights)
    const fits = await runTasks(
      begins,
      (begin, scope) => packed.fit({ clusterCount, begin, maxIterations, tolerance }, scope),
      signal,
    ).catch((error: unknown) => {
      this.packs.delete(request.matrix)
      throw error
    })
    let best = 0
    for (let i = 1; i < fits.length; i++) if (fits[i]!.inertia < fits[best]!.inertia) best = i
    const begin = begins[best]!
    const { iterations, converged } = fits[best]!
    const exact = await this.makeExact(matrix, fits[best]!, clusterCount, weights && shareValues(weights), signal)
    return { ...exact, iterations, converged, seed: typeof begin === 'number' ? begin : null }
  }

  private pack(key: Matrix, matrix: Matrix, weights: Float64Array | undefined): Promise<PackedMatrix> {
    const known = this.packs.get(key)
    if (known && known.weights === weights) return known.matrix
    // Not tied to the signal of who comes first: others wait for the same rows.
    const packed = PackedMatrix.pack(this.kernel, matrix, weights, this.threads, this.run)
    packed.catch(() => this.packs.delete(key))
    this.packs.set(key, { weights, matrix: packed })
    return packed
  }

  /** Labels name the nearest centres in double precision; of a fit that has converged, centres are means in double precision too. */
  private async makeExact(
    matrix: Matrix,
    fit: FastFit,
    clusterCount: number,
    weights: Float64Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Pick<KMeansFit, 'centres' | 'labels' | 'inertia'>> {
    let centres = fit.centres
    let placed = await placeInPieces(matrix, centres, weights, this.run, signal)
    for (let step = 0; fit.converged && step < EXACT_STEPS; step++) {
      const { labels } = placed.placement
      const sums = await runTasks(
        splitRows(matrix.rowCount, PIECE_ROWS).map((piece): SumTask => ({
          ...{ matrix, labels, weights, clusterCount },
          ...piece,
        })),
        (task, scope) => this.run('sum', task, scope) as Promise<LabelSums>,
        signal,
      )
      centres = meansOf(sums, centres)
      placed = await placeInPieces(matrix, centres, weights, this.run, signal)
      if (placed.placement.labels.every((label, row) => label === labels[row])) break
    }
    return { centres, labels: placed.placement.labels, inertia: placed.inertia }
  }
}
