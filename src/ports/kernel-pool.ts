import type { Calculations } from './calculations.ts'

/** Rows of shape (rowCount, dimensions), row-major, in SharedArrayBuffers where threads share them. */
export interface Matrix {
  readonly rowCount: number
  readonly dimensions: number
  readonly values: Float64Array
}

export interface KMeansRequest {
  readonly matrix: Matrix
  readonly clusterCount: number
  /** One fit a seed; the fit with the lowest inertia wins, the first of equals. */
  readonly seeds: readonly number[]
  /** Centres of one more fit, which comes before the seeds: shape (clusterCount, dimensions), row-major. */
  readonly centres?: Float64Array
  /** What each row counts, shape (rowCount), ≥ 0, one at least positive; absent: every row 1. Not with the reference kernel. */
  readonly weights?: Float64Array
  readonly maxIterations: number
  /**
   * A fit has arrived when the sum of the squared shifts of its centres is at most this share of the mean variance of the columns.
   * Default 1e-6.
   */
  readonly tolerance?: number
  /** Default: `fast` where it runs. */
  readonly kernel?: KernelName
}

/** `fast`: WebAssembly SIMD in single precision, made exact at the end in double precision. `reference`: ml-kmeans, in double precision. */
export type KernelName = 'fast' | 'reference'

export interface KMeansFit {
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  /** Shape (rowCount). The same labels that `place` gives with these centres. */
  readonly labels: Int32Array
  /** Sum of squared distances to the nearest centre, in f64; with weights, each times its row's. */
  readonly inertia: number
  readonly iterations: number
  readonly converged: boolean
  /** Of the fit that won; null for the one from given centres. */
  readonly seed: number | null
}

export interface Placement {
  /** Nearest centre, shape (rowCount). */
  readonly labels: Int32Array
  /** Next nearest centre, −1 with one cluster. */
  readonly nextLabels: Int32Array
  /** Euclidean distance to the nearest centre. */
  readonly distances: Float64Array
  /** Euclidean distance to the next nearest centre, Infinity with one cluster. */
  readonly nextDistances: Float64Array
}

/** Labels of the same rows, 0 to clusterCount − 1. */
export interface Partition {
  readonly labels: Int32Array
  readonly clusterCount: number
}

export interface StabilityRequest {
  readonly matrix: Matrix
  /** The clustering that is judged: of all rows. */
  readonly partition: Partition
  /** Bootstrap samples that are clustered anew. */
  readonly bootstraps: number
  /** Splits into halves that are clustered anew. */
  readonly splits: number
  /** Starts of each of these fits. */
  readonly starts: number
  readonly seed: number
  /** Default: `fast` where it runs. */
  readonly kernel?: KernelName
}

export interface Stability {
  /** Mean over the bootstrap samples of each cluster's Jaccard overlap with its likest (Hennig 2007); null for clusters without rows. */
  readonly jaccards: readonly (number | null)[]
  /** Mean over the splits (Tibshirani & Walther 2005); null without any. */
  readonly predictionStrength: number | null
}

/** Iterative arithmetic off the main thread, so that heartbeats never starve. Results do not depend on the number of threads. */
export interface KernelPool {
  /** False where WebAssembly has no SIMD: then the reference kernel does all fits. */
  readonly hasFastKernel: boolean
  /** Calls with the same `matrix` object share one packed copy of its rows, which lives as long as that object: don't change its values. */
  kmeans(request: KMeansRequest, signal?: AbortSignal): Promise<KMeansFit>
  place(matrix: Matrix, centres: Float64Array, clusterCount: number, signal?: AbortSignal): Promise<Placement>
  /** Mean silhouette width (Rousseeuw 1987) of `labels`, over all rows given. O(rows²). */
  silhouette(matrix: Matrix, labels: Int32Array, clusterCount: number, signal?: AbortSignal): Promise<number>
  /** The same for several partitions of the same rows, in one pass over their distances. */
  silhouettes(matrix: Matrix, partitions: readonly Partition[], signal?: AbortSignal): Promise<readonly number[]>
  /** Does k-means find the same clusters in parts of the rows? */
  stability(request: StabilityRequest, signal?: AbortSignal): Promise<Stability>
  /** Runs a function of `stats` in a thread. */
  calculate<Name extends keyof Calculations>(
    name: Name,
    input: Parameters<Calculations[Name]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<Calculations[Name]>>
  /** Ends the threads. */
  close(): Promise<void>
}
