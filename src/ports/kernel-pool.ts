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
  readonly maxIterations: number
}

export interface KMeansFit {
  /** Shape (clusterCount, dimensions), row-major. */
  readonly centres: Float64Array
  /** Shape (rowCount). */
  readonly labels: Int32Array
  /** Sum of squared distances to the nearest centre, in f64. */
  readonly inertia: number
  readonly iterations: number
  readonly converged: boolean
  readonly seed: number
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

/** Iterative arithmetic off the main thread, so that heartbeats never starve. Results do not depend on the number of threads. */
export interface KernelPool {
  kmeans(request: KMeansRequest, signal?: AbortSignal): Promise<KMeansFit>
  place(matrix: Matrix, centres: Float64Array, clusterCount: number, signal?: AbortSignal): Promise<Placement>
  /** Mean silhouette width (Rousseeuw 1987) of `labels`, over all rows given. O(rows²). */
  silhouette(matrix: Matrix, labels: Int32Array, clusterCount: number, signal?: AbortSignal): Promise<number>
  close(): Promise<void>
}
