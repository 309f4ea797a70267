import type { Stability, StabilityRequest } from '../ports/kernel-pool.ts'
import type { Resampled, ResampleTask } from './resample.ts'
import { runTasks, splitRows } from './run-tasks.ts'
import type { RunInThread } from './run-tasks.ts'
import { shareMatrix } from './share-matrix.ts'
import type { CompiledModule } from './web-assembly.ts'

/** Refits are looked at together, and none has to be exact: the last steps of k-means move hardly anybody. */
const MOST_STEPS = 20
const TOLERANCE = 1e-3
/** Refits of a task, whatever the number of threads. */
const BOOTSTRAPS_AT_A_TIME = 5
const SPLITS_AT_A_TIME = 3
/** Seeds of one request: below it bootstrap samples, above it splits. */
const SEEDS = 10_000

export async function judgeStability(
  { matrix, partition, bootstraps, splits, starts, seed, kernel: wanted }: StabilityRequest,
  kernel: CompiledModule | undefined,
  run: RunInThread,
  signal: AbortSignal | undefined,
): Promise<Stability> {
  const { labels, clusterCount } = partition
  const shared = {
    ...{
      kernel: wanted === 'reference' ? undefined : kernel,
      matrix: shareMatrix(matrix),
      labels,
      clusterCount,
      starts,
    },
    ...{ maxIterations: MOST_STEPS, tolerance: TOLERANCE },
  }
  const tasks: ResampleTask[] = [
    ...seedsOf(bootstraps, BOOTSTRAPS_AT_A_TIME, seed).map((seeds) => ({ ...shared, bootstraps: seeds, splits: [] })),
    ...seedsOf(splits, SPLITS_AT_A_TIME, seed + SEEDS).map((seeds) => ({ ...shared, bootstraps: [], splits: seeds })),
  ]
  const done = await runTasks(tasks, (task, scope) => run('resample', task, scope) as Promise<Resampled>, signal)
  const recovered = done.flatMap((piece) => piece.recovered)
  const jaccards = Array.from({ length: clusterCount }, (_, cluster) =>
    meanOf(recovered.map((ofSample) => ofSample[cluster]!).filter((jaccard) => !Number.isNaN(jaccard))),
  )
  return { jaccards, predictionStrength: meanOf(done.flatMap(({ strengths }) => strengths)) }
}

function seedsOf(count: number, size: number, first: number): readonly (readonly number[])[] {
  return splitRows(count, size).map(({ start, end }) =>
    Array.from({ length: end - start }, (_, i) => first + start + i),
  )
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
