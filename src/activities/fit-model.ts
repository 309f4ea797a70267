import type { ColumnTable } from '../ports/compute-engine.ts'
import type { KernelPool, Matrix } from '../ports/kernel-pool.ts'
import type { ClusterConfig } from '../stages/cluster/config.ts'
import { chooseFit, outlierDistance } from '../stages/cluster/model.ts'
import type { ClusterModel, FittedCount } from '../stages/cluster/model.ts'
import { numberClusters } from '../stages/cluster/number-clusters.ts'
import { countDistinct, planCounts } from '../stages/cluster/plan-counts.ts'
import { IN_SILHOUETTE } from '../stages/cluster/sql.ts'
import { allDimensions } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { Attempt } from './attempt.ts'
import { coordinatesOf } from './place-customers.ts'

const MAX_ITERATIONS = 300

/**
 * Fits every count of the plan on the sample and keeps the best.
 *
 * @param sample columns of `compileSample`
 * @param customerCount all customers of the run
 * @throws TooFewCustomers, ConstantFeatures
 */
export async function fitModel(
  kernels: KernelPool,
  config: ClusterConfig,
  sample: ColumnTable,
  customerCount: number,
  features: FittedTransforms,
  attempt: Pick<Attempt, 'signal' | 'progress'>,
): Promise<ClusterModel> {
  const matrix = sample.rowCount === 0 ? emptyMatrix(features) : coordinatesOf(sample, features)
  const distinctCount = countDistinct(config.count, matrix.values, matrix.dimensions)
  const counts = planCounts(config.count, customerCount, distinctCount)
  const judged = rowsWhere(sample.columns[IN_SILHOUETTE] as Int32Array)
  const judges = takeRows(matrix, judged)
  const seeds = Array.from({ length: config.starts }, (_, start) => config.seed + start)
  let judgedCounts = 0
  const fitCount = async (clusterCount: number): Promise<FittedCount> => {
    const fit = await kernels.kmeans({ matrix, clusterCount, seeds, maxIterations: MAX_ITERATIONS }, attempt.signal)
    const labels = Int32Array.from(judged, (row) => fit.labels[row]!)
    const silhouette = await kernels.silhouette(judges, labels, clusterCount, attempt.signal)
    attempt.progress((judgedCounts += 1), counts.length)
    return { ...numberClusters(fit, matrix.dimensions), silhouette, inertia: fit.inertia, seed: fit.seed }
  }
  // All counts wait for the pool's threads together: no thread idles while the last start of a count ends.
  const fits = await Promise.all(counts.map(fitCount))
  const { fit, candidates } = chooseFit(config.method, fits)
  const centres = Float64Array.from(fit.centres.flat())
  const { distances } = await kernels.place(matrix, centres, fit.centres.length, attempt.signal)
  return {
    formatVersion: 1,
    method: config.method,
    features,
    clusterCount: fit.centres.length,
    centres: fit.centres,
    seed: fit.seed,
    inertia: fit.inertia,
    silhouette: fit.silhouette,
    outlierDistance: outlierDistance(distances),
    candidates,
  }
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
