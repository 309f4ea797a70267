import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { KernelPool, Matrix } from '../../ports/kernel-pool.ts'
import { checkCoordinates } from '../../stages/cluster/check-coordinates.ts'
import { chooseFit, outlierDistance } from '../../stages/cluster/kmeans/choose-fit.ts'
import type { FittedCount } from '../../stages/cluster/kmeans/choose-fit.ts'
import type { KMeansConfig } from '../../stages/cluster/kmeans/config.ts'
import { numberClusters } from '../../stages/cluster/kmeans/number-clusters.ts'
import { countDistinct, planCounts } from '../../stages/cluster/kmeans/plan-counts.ts'
import { PLAIN_CLUSTER } from '../../stages/cluster/model.ts'
import { IN_SILHOUETTE } from '../../stages/cluster/sql.ts'
import { allDimensions, dimensionNames } from '../../stages/features/transform.ts'
import type { FittedTransforms } from '../../stages/features/transform.ts'
import { coordinatesOf } from '../coordinates.ts'
import type { FitInput, ModelOf } from './method.ts'

const MAX_ITERATIONS = 300

export interface KMeansSample {
  readonly kernel: KMeansConfig['kernel']
  /** Columns of `compileSample`. */
  readonly sample: ColumnTable
  /** Coordinates to refine the chosen fit on; undefined when the sample is all there is to fit on. */
  readonly readMore: (() => Promise<Matrix>) | undefined
}

/**
 * Fits every count of the plan on the sample, keeps the best, and refines it on more customers where there are more.
 *
 * @throws TooFewCustomers, ConstantFeatures, CoordinatesNotFinite
 */
export async function fitKMeansModel(
  { config, customerCount, features, kernels, attempt }: FitInput<KMeansConfig>,
  { kernel, sample, readMore }: KMeansSample,
): Promise<ModelOf<'kmeans'>> {
  const matrix = sample.rowCount === 0 ? emptyMatrix(features) : coordinatesOf(sample, features)
  checkCoordinates(matrix.values, dimensionNames(features))
  const distinctCount = countDistinct(config.count, matrix.values, matrix.dimensions)
  const counts = planCounts(config.count, customerCount, distinctCount)
  const seeds = Array.from({ length: config.starts }, (_, start) => config.seed + start)
  let fittedCounts = 0
  // All counts wait for the pool's threads together: no thread idles while the last start of a count ends.
  const raw = await Promise.all(
    counts.map(async (clusterCount) => {
      const fit = await kernels.kmeans(
        { matrix, clusterCount, seeds, maxIterations: MAX_ITERATIONS, kernel },
        attempt.signal,
      )
      attempt.progress((fittedCounts += 1), counts.length)
      return { ...fit, clusterCount }
    }),
  )
  const judged = rowsWhere(sample.columns[IN_SILHOUETTE] as Int32Array)
  const partitions = raw.map(({ labels, clusterCount }) => ({
    labels: Int32Array.from(judged, (row) => labels[row]!),
    clusterCount,
  }))
  const silhouettes = await kernels.silhouettes(takeRows(matrix, judged), partitions, attempt.signal)
  const fits = raw.map((fit, i): FittedCount => ({
    ...numberClusters(fit, matrix.dimensions),
    silhouette: silhouettes[i]!,
    inertia: fit.inertia,
    seed: fit.seed ?? config.seed,
  }))
  const { fit, candidates } = chooseFit(fits)
  const more = await readMore?.()
  const centres = more ? await refine(kernels, more, fit, features, attempt) : fit.centres
  const { distances } = await kernels.place(matrix, Float64Array.from(centres.flat()), centres.length, attempt.signal)
  return {
    formatVersion: 2,
    method: 'kmeans',
    features,
    clusterCount: centres.length,
    clusters: centres.map(() => PLAIN_CLUSTER),
    layers: ['cluster'],
    scores: [],
    also: [],
    reasons: [],
    fittedCustomers: more?.rowCount ?? matrix.rowCount,
    candidates,
    parameters: {
      method: 'kmeans',
      kernel,
      centres,
      seed: fit.seed,
      inertia: distances.reduce((sum, distance) => sum + distance ** 2, 0),
      silhouette: fit.silhouette,
      outlierDistance: outlierDistance(distances),
    },
  }
}

/** @returns the centres of the fit, moved to where all customers put them */
async function refine(
  kernels: KernelPool,
  matrix: Matrix,
  fit: FittedCount,
  features: FittedTransforms,
  attempt: { readonly signal: AbortSignal },
): Promise<FittedCount['centres']> {
  checkCoordinates(matrix.values, dimensionNames(features))
  const centres = Float64Array.from(fit.centres.flat())
  const request = { matrix, clusterCount: fit.centres.length, seeds: [], centres, maxIterations: MAX_ITERATIONS }
  return numberClusters(await kernels.kmeans(request, attempt.signal), matrix.dimensions).centres
}

function emptyMatrix(features: FittedTransforms): Matrix {
  return { rowCount: 0, dimensions: allDimensions(features), values: new Float64Array() }
}

function rowsWhere(flags: Int32Array): Int32Array {
  const rows: number[] = []
  flags.forEach((flag, row) => flag === 1 && rows.push(row))
  return Int32Array.from(rows)
}

function takeRows({ dimensions, values }: Matrix, rows: Int32Array): Matrix {
  const taken = new Float64Array(rows.length * dimensions)
  rows.forEach((row, i) => taken.set(values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions))
  return { rowCount: rows.length, dimensions, values: taken }
}
