/** What places a customer in a hierarchy: the nearest centre of the finest level; the levels above follow from `ClusterModel.clusters`. */
export interface HierarchyParameters {
  readonly method: 'hierarchy'
  readonly algorithm: 'ward' | 'bisecting'
  /** Names of the levels, from the finest. */
  readonly levels: readonly string[]
  /** Customers that a group of each level has at least. */
  readonly minimums: readonly number[]
  /** Of the clusters of the finest level, shape (clusters, dimensions), in the space of the transformed features. */
  readonly centres: readonly (readonly number[])[]
  readonly seed: number
  /** Sum of squared distances over the sample. */
  readonly inertia: number
  readonly silhouette: number | null
  /** The 99.5 % quantile of the sample's distances to their centres. */
  readonly outlierDistance: number
}
