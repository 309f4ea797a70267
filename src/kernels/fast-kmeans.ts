import type { KMeansFit, KMeansRequest, Matrix } from '../ports/kernel-pool.ts'
import type { FastFit } from './fast-fit.ts'
import type { RelabelTask, SumTask } from './kernel-worker.ts'
import { PackedMatrix } from './packed-matrix.ts'
import type { Relabelled } from './place-fast.ts'
import { PIECE_ROWS } from './place-in-pieces.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import { shareMatrix, shareValues } from './share-matrix.ts'
import { meansOf } from './sum-by-label.ts'
import type { LabelSums } from './sum-by-label.ts'
import type { CompiledModule } from './web-assembly.ts'

/** Steps in double precision after a fit has converged in single; mostly the first finds nothing left to do. */
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
    let best: { readonly number: number; readonly fit: FastFit } | undefined
    await runTasks(
      begins.map((begin, number) => ({ begin, number })),
      async ({ begin, number }, scope) => {
        const fit = await packed.fit({ clusterCount, begin, maxIterations, tolerance }, scope)
        // Whoever ends first: among equals the first start is the best.
        const isBetter =
          !best || fit.inertia < best.fit.inertia || (fit.inertia === best.fit.inertia && number < best.number)
        if (isBetter) best = { number, fit }
      },
      signal,
    ).catch((error: unknown) => {
      this.packs.delete(request.matrix)
      throw error
    })
    const { number, fit } = best!
    const begin = begins[number]!
    const { iterations, converged } = fit
    const exact = await this.makeExact(matrix, fit, clusterCount, weights && shareValues(weights), signal)
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
    { labels, converged, ...fit }: FastFit,
    clusterCount: number,
    weights: Float64Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Pick<KMeansFit, 'centres' | 'labels' | 'inertia'>> {
    const { kernel } = this
    let { centres } = fit
    for (let step = 1; ; step++) {
      if (converged) {
        const task = { kernel, matrix, labels, weights, clusterCount }
        centres = meansOf(await this.inPieces<SumTask, LabelSums>('sum', task, matrix.rowCount, signal), centres)
      }
      const { values, dimensions } = matrix
      const task = { kernel, values, dimensions, centres, labels, weights }
      const pieces = await this.inPieces<RelabelTask, Relabelled>('relabel', task, matrix.rowCount, signal)
      const moved = pieces.reduce((sum, piece) => sum + piece.moved, 0)
      if (converged && moved > 0 && step < EXACT_STEPS) continue
      return { centres, labels, inertia: pieces.reduce((sum, { inertia }) => sum + inertia, 0) }
    }
  }

  private inPieces<Task extends { readonly start: number; readonly end: number }, Result>(
    name: string,
    task: Omit<Task, 'start' | 'end'>,
    rowCount: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Result[]> {
    return runTasks(
      splitRows(rowCount, PIECE_ROWS),
      (piece, scope) => this.run(name, { ...task, ...piece }, scope) as Promise<Result>,
      signal,
    )
  }
}
