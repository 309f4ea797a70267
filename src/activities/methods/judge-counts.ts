import type { Matrix } from '../../ports/kernel-pool.ts'
import type { FittedCount } from '../../stages/cluster/kmeans/choose-fit.ts'
import type { KMeansConfig } from '../../stages/cluster/kmeans/config.ts'
import { numberClusters } from '../../stages/cluster/kmeans/number-clusters.ts'
import { planRefits } from '../../stages/cluster/kmeans/plan-refits.ts'
import { partOf } from '../../stages/cluster/judged-rows.ts'
import { LEAST_ROWS } from '../../stages/cluster/refuse-to-cluster.ts'
import type { CountFit } from './fit-counts.ts'
import type { FitInput } from './method.ts'

/** Starts of a refit: one alone is caught in a poor place too often. */
const REFIT_STARTS = 2

/**
 * Puts the evidence beside each fit.
 *
 * @param matrix what was fitted
 * @param judged rows of it that stand for all
 */
export async function judgeCounts(
  { config, kernels, attempt }: FitInput<KMeansConfig>,
  matrix: Matrix,
  judged: Int32Array,
  fits: readonly CountFit[],
): Promise<readonly FittedCount[]> {
  const { dimensions } = matrix
  const part = partOf(matrix, judged)
  const partitions = fits.map(({ labels, clusterCount }) => ({
    labels: Int32Array.from(judged, (row) => labels[row]!),
    clusterCount,
  }))
  const refits = planRefits(part.rowCount, config.bootstraps, kernels.hasFastKernel, LEAST_ROWS)
  const options = { ...refits, starts: REFIT_STARTS, seed: config.seed }
  const [silhouettes, separations, stabilities] = await Promise.all([
    kernels.silhouettes(part, partitions, attempt.signal),
    kernels.calculate('measureSeparation', [part.values, dimensions, partitions], attempt.signal),
    Promise.all(
      partitions.map((partition) => kernels.stability({ matrix: part, partition, ...options }, attempt.signal)),
    ),
  ])
  return fits.map((fit, i) => {
    const numbered = numberClusters(fit, dimensions)
    const { jaccards, predictionStrength } = stabilities[i]!
    return {
      ...numbered,
      ...separations[i]!,
      silhouette: silhouettes[i]!,
      inertia: fit.inertia,
      seed: fit.seed ?? config.seed,
      start: fit.start,
      jaccards: numbered.origins.map((origin) => jaccards[origin]!),
      predictionStrength,
    }
  })
}
