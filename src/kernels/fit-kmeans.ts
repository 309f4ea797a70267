import { kmeans } from 'ml-kmeans'
import { distinctRows } from '../stats/distinct-rows.ts'
import { squaredDistance } from '../stats/distance.ts'
import { momentsOf } from '../stats/moments.ts'

export interface FitTask {
  /** Shape (rows, dimensions), row-major, at least one row. */
  readonly values: Float64Array
  readonly dimensions: number
  readonly clusterCount: number
  readonly seed: number
  readonly maxIterations: number
  /** A centre that moves less than this share of the data's mean variance (as squared distance) has arrived. */
  readonly tolerance: number
}

export interface FittedCentres {
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  readonly labels: Int32Array
  readonly inertia: number
  readonly iterations: number
  readonly converged: boolean
}

/**
 * One start of Lloyd's k-means (Lloyd 1982) from greedy k-means++ centres (Arthur & Vassilvitskii 2007), by `ml-kmeans`. Labels and inertia
 * are taken once more from the final centres: the library's belong to the step before. A cluster that loses its last row keeps its centre.
 */
export function fitKMeans(task: FitTask): FittedCentres {
  const { values, dimensions, clusterCount, seed, maxIterations, tolerance } = task
  const distinct = distinctRows(values, dimensions, clusterCount + 1)
  if (distinct.length <= clusterCount) return fitDistinctRows(task, distinct)
  const rows = Array.from({ length: values.length / dimensions }, (_, i) =>
    Array.from(values.subarray(i * dimensions, (i + 1) * dimensions)),
  )
  const { centroids, iterations, converged } = kmeans(rows, clusterCount, {
    initialization: 'kmeans++',
    seed,
    maxIterations,
    tolerance: tolerance * meanVariance(values, dimensions),
  })
  const centres = Float64Array.from(centroids.flat())
  return { centres, ...labelNearest(values, centres, dimensions), iterations, converged }
}

/** k-means++ can't draw more centres than there are distinct rows: each distinct row is a centre, the rest repeat the first and stay empty. */
function fitDistinctRows(task: FitTask, distinct: readonly number[]): FittedCentres {
  const { values, dimensions, clusterCount } = task
  const centres = new Float64Array(clusterCount * dimensions)
  for (let cluster = 0; cluster < clusterCount; cluster++) {
    const row = distinct[cluster] ?? distinct[0]!
    centres.set(values.subarray(row * dimensions, (row + 1) * dimensions), cluster * dimensions)
  }
  return { centres, ...labelNearest(values, centres, dimensions), iterations: 0, converged: true }
}

/** Nearest centre of each row (the first of equals), and the summed squared distances in row order. */
export function labelNearest(
  values: Float64Array,
  centres: Float64Array,
  dimensions: number,
): { labels: Int32Array; inertia: number } {
  const labels = new Int32Array(values.length / dimensions)
  let inertia = 0
  for (let i = 0; i < labels.length; i++) {
    let nearest = Infinity
    for (let start = 0; start < centres.length; start += dimensions) {
      const distance = squaredDistance(values, i * dimensions, centres, start, dimensions)
      if (distance < nearest) {
        nearest = distance
        labels[i] = start / dimensions
      }
    }
    inertia += nearest
  }
  return { labels, inertia }
}

function meanVariance(values: Float64Array, dimensions: number): number {
  const rows = values.length / dimensions
  const column = new Float64Array(rows)
  let sum = 0
  for (let j = 0; j < dimensions; j++) {
    for (let i = 0; i < rows; i++) column[i] = values[i * dimensions + j]!
    sum += momentsOf(column).squaredDeviations / rows
  }
  return sum / dimensions
}
