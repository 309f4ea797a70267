import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { KernelName, KMeansFit, Matrix } from '../../ports/kernel-pool.ts'
import { centresOfLabels } from '../../stages/cluster/kmeans/centres-of-labels.ts'
import type { KMeansConfig } from '../../stages/cluster/kmeans/config.ts'
import { flattenCentres } from '../../stages/cluster/kmeans/parameters.ts'
import { allColumns } from '../../stages/features/transform.ts'
import { coordinatesOf } from '../coordinates.ts'
import type { FitInput } from './method.ts'

export const MAX_ITERATIONS = 300
/** A cold start takes the place of the warm one when its inertia is lower by more than this share: it would move customers for nothing. */
const WARM_TOLERANCE = 1e-3

/** A count of clusters, fitted. */
export interface CountFit extends KMeansFit {
  readonly clusterCount: number
  readonly start: 'warm' | 'cold'
}

/**
 * Fits each count by its best start. The count of the live model has one start more, from where that model puts today's customers.
 *
 * @param sample columns that `matrix` was made of
 */
export async function fitCounts(
  input: FitInput<KMeansConfig>,
  matrix: Matrix,
  sample: ColumnTable,
  counts: readonly number[],
  kernel: KernelName,
): Promise<readonly CountFit[]> {
  const { config, kernels, attempt } = input
  const seeds = Array.from({ length: config.starts }, (_, start) => config.seed + start)
  const warm = kernel === 'reference' ? null : await warmCentres(input, matrix, sample)
  let fittedCounts = 0
  // All counts wait for the pool's threads together: no thread idles while the last start of a count ends.
  return Promise.all(
    counts.map(async (clusterCount): Promise<CountFit> => {
      const request = { matrix, clusterCount, maxIterations: MAX_ITERATIONS, kernel }
      const centres = warm && warm.length === clusterCount * matrix.dimensions ? warm : null
      const [cold, fromLive] = await Promise.all([
        kernels.kmeans({ ...request, seeds }, attempt.signal),
        centres && kernels.kmeans({ ...request, seeds: [], centres }, attempt.signal),
      ])
      attempt.progress((fittedCounts += 1), counts.length)
      if (fromLive && fromLive.inertia <= cold.inertia * (1 + WARM_TOLERANCE))
        return { ...fromLive, clusterCount, start: 'warm' }
      return { ...cold, clusterCount, start: 'cold' }
    }),
  )
}

/** Means, in today's coordinates, of the customers that the live model puts together; null when it is no k-means over these features. */
async function warmCentres(
  { live, kernels, attempt }: FitInput<KMeansConfig>,
  matrix: Matrix,
  sample: ColumnTable,
): Promise<Float64Array | null> {
  if (live?.parameters.method !== 'kmeans' || matrix.rowCount === 0) return null
  if (allColumns(live.features).some((name) => !(name in sample.columns))) return null
  const { clusterCount, features, parameters } = live
  const there = coordinatesOf(sample, features)
  const { labels } = await kernels.place(there, flattenCentres(parameters), clusterCount, attempt.signal)
  return centresOfLabels(matrix.values, matrix.dimensions, labels, clusterCount)
}
