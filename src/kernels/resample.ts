import type { Matrix } from '../ports/kernel-pool.ts'
import { partOf } from '../stats/part-of.ts'
import { predictionStrength } from '../stats/prediction-strength.ts'
import { recoveredClusters } from '../stats/recovered-clusters.ts'
import { uniformDraws } from '../stats/uniform-draws.ts'
import { fitKMeans, labelNearest } from './fit-kmeans.ts'
import { LoneFits } from './lone-fits.ts'
import type { AloneFit } from './lone-fits.ts'
import type { CompiledModule } from './web-assembly.ts'

export interface ResampleTask {
  /** Undefined: ml-kmeans. */
  readonly kernel: CompiledModule | undefined
  readonly matrix: Matrix
  readonly clusterCount: number
  /** The clustering that is judged. */
  readonly labels: Int32Array
  readonly starts: number
  readonly maxIterations: number
  readonly tolerance: number
  /** A bootstrap sample a seed. */
  readonly bootstraps: readonly number[]
  /** A split into halves a seed. */
  readonly splits: readonly number[]
}

export interface Resampled {
  /** Of each bootstrap sample: `recoveredClusters`. */
  readonly recovered: readonly Float64Array[]
  /** Of each split: the mean of both halves' `predictionStrength`. */
  readonly strengths: readonly number[]
}

/** Clusters parts of the rows anew and compares: what a clustering owes to the rows it happened to see. */
export function resample(task: ResampleTask): Resampled {
  const { matrix, labels, clusterCount, bootstraps, splits } = task
  const fit = refits(task)
  const recovered = bootstraps.map((seed) => {
    const rows = drawnRows(matrix.rowCount, seed)
    const again = fit(partOf(matrix, rows), seed)
    const judged = Int32Array.from(rows, (row) => labels[row]!)
    return recoveredClusters(judged, again.labels, clusterCount)
  })
  const strengths = splits.map((seed) => {
    const halves = splitRows(matrix.rowCount, seed).map((rows) => partOf(matrix, rows))
    const [a, b] = halves.map((half) => ({ half, ...fit(half, seed) })) as [FittedHalf, FittedHalf]
    return (strengthOf(a, b) + strengthOf(b, a)) / 2
  })
  return { recovered, strengths }
}

type FittedHalf = AloneFit & { readonly half: Matrix }

function strengthOf(test: FittedHalf, training: FittedHalf): number {
  const { values, dimensions } = test.half
  return predictionStrength(test.labels, labelNearest(values, training.centres, dimensions).labels)
}

function refits(task: ResampleTask): (matrix: Matrix, seed: number) => AloneFit {
  const { kernel, clusterCount, starts, maxIterations, tolerance } = task
  const options = { clusterCount, maxIterations, tolerance }
  if (!kernel) return ({ values, dimensions }, seed) => fitKMeans({ values, dimensions, seed, ...options })
  const lone = new LoneFits(kernel)
  return (matrix, seed) =>
    lone.fit(matrix, { ...options, seeds: Array.from({ length: starts }, (_, start) => seed * starts + start) })
}

/** As many draws as rows; a row that is drawn more than once counts once, as `clusterboot` has it by default. Ascending. */
function drawnRows(rowCount: number, seed: number): Int32Array {
  const draw = uniformDraws(seed)
  const isDrawn = new Uint8Array(rowCount)
  for (let i = 0; i < rowCount; i++) isDrawn[Math.floor(draw() * rowCount)] = 1
  return rowsWhere(isDrawn, 1)
}

/** Two halves, each ascending; of an odd number the second is larger. */
function splitRows(rowCount: number, seed: number): readonly Int32Array[] {
  const draw = uniformDraws(seed)
  const isFirst = new Uint8Array(rowCount)
  let wanted = Math.floor(rowCount / 2)
  for (let row = 0; row < rowCount; row++) {
    if (draw() * (rowCount - row) >= wanted) continue
    isFirst[row] = 1
    wanted -= 1
  }
  return [rowsWhere(isFirst, 1), rowsWhere(isFirst, 0)]
}

function rowsWhere(flags: Uint8Array, flag: number): Int32Array {
  return Int32Array.from(flags.keys()).filter((row) => flags[row] === flag)
}
