import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { KernelPool, KMeansFit, KMeansRequest } from '../ports/kernel-pool.ts'
import { assertRequest } from './assert-request.ts'
import { FastKMeans } from './fast-kmeans.ts'
import type { FitTask, FittedCentres } from './fit-kmeans.ts'
import { judgeStability } from './judge-stability.ts'
import { compileKernel } from './kernel-module.ts'
import type { CalculateTask, SilhouetteTask } from './kernel-worker.ts'
import { placeInPieces } from './place-in-pieces.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import { shareMatrix } from './share-matrix.ts'

/** Rows a task computes silhouettes of; each is compared with all rows. */
const SILHOUETTE_ROWS = 256
/** The steps of a run follow each other within this time: a thread that has compiled its code goes on with the next. */
const IDLE_MS = 60_000
const TOLERANCE = 1e-6

export interface KernelPoolOptions {
  /** Threads that compute. Changes how long work takes, never its result. */
  readonly threads: number
}

/** Worker threads that run the kernels. Aborting a call ends the threads that work for it; the pool starts others when needed. */
export function makeKernelPool({ threads }: KernelPoolOptions): KernelPool {
  // Source is run by type stripping (`.ts`), the published package is compiled (`.js`): the neighbour has our own extension.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const piscina = new Piscina({
    filename: fileURLToPath(new URL(`./kernel-worker.${extension}`, import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    execArgv: [],
  })
  const run: RunInThread = (name, task, signal) => piscina.run(task, { name, signal: signal ?? null })
  const kernel = compileKernel()
  if (!kernel)
    process.emitWarning(
      'WebAssembly has no SIMD or threads here: k-means runs on the reference kernel, on samples only.',
    )
  const fast = kernel && new FastKMeans(kernel, threads, run)

  return {
    hasFastKernel: fast !== undefined,

    async kmeans(request, signal) {
      assertRequest(request)
      const tolerance = request.tolerance ?? TOLERANCE
      if (fast && request.kernel !== 'reference') return fast.fit(request, tolerance, signal)
      return fitReference(request, tolerance, run, signal)
    },

    async place(matrix, centres, clusterCount, signal) {
      if (centres.length !== clusterCount * matrix.dimensions)
        throw new RangeError(
          `${clusterCount} centres of ${matrix.dimensions} dimensions are not ${centres.length} values.`,
        )
      return placeInPieces(kernel, shareMatrix(matrix), centres, run, signal)
    },

    async silhouette(matrix, labels, clusterCount, signal) {
      return (await this.silhouettes(matrix, [{ labels, clusterCount }], signal))[0]!
    },

    async silhouettes(matrix, partitions, signal) {
      const { rowCount, dimensions, values } = shareMatrix(matrix)
      const pieces = await runTasks(
        splitRows(rowCount, SILHOUETTE_ROWS).map((piece): SilhouetteTask => ({
          ...{ values, dimensions, partitions },
          ...piece,
        })),
        (task, scope) => run('silhouette', task, scope) as Promise<readonly Float64Array[]>,
        signal,
      )
      return partitions.map((_, partition) => {
        let sum = 0
        for (const widths of pieces) for (const width of widths[partition]!) sum += width
        return rowCount === 0 ? 0 : sum / rowCount
      })
    },

    stability: (request, signal) => judgeStability(request, kernel, run, signal),
    // The thread gives what the function of that name gives.
    calculate: (name, input, signal) =>
      run('calculate', { name, input } satisfies CalculateTask, signal) as Promise<never>,

    close: () => piscina.destroy(),
  }
}

async function fitReference(
  { matrix, clusterCount, seeds, maxIterations }: KMeansRequest,
  tolerance: number,
  run: RunInThread,
  signal: AbortSignal | undefined,
): Promise<KMeansFit> {
  const { values, dimensions } = shareMatrix(matrix)
  const fits = await runTasks(
    seeds.map((seed): FitTask => ({ values, dimensions, clusterCount, seed, maxIterations, tolerance })),
    (task, scope) => run('kmeans', task, scope) as Promise<FittedCentres>,
    signal,
  )
  let best = 0
  for (let i = 1; i < fits.length; i++) if (fits[i]!.inertia < fits[best]!.inertia) best = i
  return { ...fits[best]!, seed: seeds[best]! }
}
