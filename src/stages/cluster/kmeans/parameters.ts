/** What places a customer by k-means. */
export interface KMeansParameters {
  readonly method: 'kmeans'
  /** What computed it: not always what was asked for, see `cluster.kernel`. */
  readonly kernel: 'fast' | 'reference'
  /** Shape (clusterCount, dimensions), in the space of the transformed features. Number 0 is the largest cluster of those the centres were fitted on. */
  readonly centres: readonly (readonly number[])[]
  /** Of the start that won. */
  readonly seed: number
  /** Sum of squared distances over the sample, as of every candidate. */
  readonly inertia: number
  readonly silhouette: number | null
  /** The 99.5 % quantile of the sample's distances to their centres. */
  readonly outlierDistance: number
}

/** Centres as the kernels take them: shape (clusterCount, dimensions), row-major. */
export function flattenCentres({ centres }: Pick<KMeansParameters, 'centres'>): Float64Array {
  return Float64Array.from(centres.flat())
}
