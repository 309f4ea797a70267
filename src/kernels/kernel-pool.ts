import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { KernelPool, Matrix, Placement } from '../ports/kernel-pool.ts'
import type { FitTask, FittedCentres } from './fit-kmeans.ts'
import type { PlaceTask, SilhouetteTask } from './kernel-worker.ts'

/** Rows a task places, whatever the number of threads. */
const PLACE_ROWS = 65_536
/** Rows a task computes silhouettes of; each is compared with all rows. */
const SILHOUETTE_ROWS = 512
const IDLE_MS = 10_000

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
  const run = (name: string, task: unknown, signal: AbortSignal | undefined): Promise<unknown> =>
    piscina.run(task, { name, signal: signal ?? null })

  return {
    async kmeans({ matrix, clusterCount, seeds, maxIterations }, signal) {
      const values = shareValues(matrix)
      const fits = (await runAll(
        seeds.map((seed): FitTask => ({ values, dimensions: matrix.dimensions, clusterCount, seed, maxIterations })),
        (task, scope) => run('kmeans', task, scope),
        signal,
      )) as FittedCentres[]
      let best = 0
      for (let i = 1; i < fits.length; i++) if (fits[i]!.inertia < fits[best]!.inertia) best = i
      return { ...fits[best]!, seed: seeds[best]! }
    },

    async place(matrix, centres, clusterCount, signal) {
      const { rowCount, dimensions } = matrix
      if (centres.length !== clusterCount * dimensions)
        throw new RangeError(`${clusterCount} centres of ${dimensions} dimensions are not ${centres.length} values.`)
      const values = shareValues(matrix)
      const placement = sharePlacement(rowCount)
      const tasks = chunks(rowCount, PLACE_ROWS).map((chunk): PlaceTask => ({
        values,
        dimensions,
        centres,
        placement,
        ...chunk,
      }))
      await runAll(tasks, (task, scope) => run('place', task, scope), signal)
      return placement
    },

    async silhouette(matrix, labels, clusterCount, signal) {
      const { rowCount, dimensions } = matrix
      const values = shareValues(matrix)
      const tasks = chunks(rowCount, SILHOUETTE_ROWS).map((chunk): SilhouetteTask => ({
        values,
        dimensions,
        labels,
        clusterCount,
        ...chunk,
      }))
      const widths = (await runAll(tasks, (task, scope) => run('silhouette', task, scope), signal)) as Float64Array[]
      let sum = 0
      for (const chunk of widths) for (const width of chunk) sum += width
      return rowCount === 0 ? 0 : sum / rowCount
    },

    close: () => piscina.destroy(),
  }
}

/** Runs tasks in the pool and gives their results in order; the first failure aborts the others. */
async function runAll<Task>(
  tasks: readonly Task[],
  run: (task: Task, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<unknown[]> {
  const failed = new AbortController()
  const scope = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  try {
    return await Promise.all(tasks.map((task) => run(task, scope)))
  } catch (error) {
    failed.abort()
    throw error
  }
}

/** [start, end) of pieces of equal size, the last one smaller. */
function chunks(rowCount: number, size: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(rowCount / size) }, (_, i) => ({
    start: i * size,
    end: Math.min((i + 1) * size, rowCount),
  }))
}

function shareValues({ rowCount, dimensions, values }: Matrix): Float64Array {
  if (values.length !== rowCount * dimensions)
    throw new RangeError(`A matrix of ${rowCount} × ${dimensions} does not have ${values.length} values.`)
  if (values.buffer instanceof SharedArrayBuffer) return values
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength))
  shared.set(values)
  return shared
}

function sharePlacement(rowCount: number): Placement {
  const integers = (): Int32Array => new Int32Array(new SharedArrayBuffer(rowCount * Int32Array.BYTES_PER_ELEMENT))
  const floats = (): Float64Array => new Float64Array(new SharedArrayBuffer(rowCount * Float64Array.BYTES_PER_ELEMENT))
  return { labels: integers(), nextLabels: integers(), distances: floats(), nextDistances: floats() }
}
