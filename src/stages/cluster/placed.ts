/** Where a method puts n customers, column by column. */
export interface Placed {
  /** Cluster number; −1 inside `hybrid` only: this layer does not want the customer. */
  readonly cluster: Int32Array
  /** 0 to 1; NaN: not known. */
  readonly confidence: Float64Array
  /** NaN: the method has none. */
  readonly distance: Float64Array
  /** The cluster that comes next to the own one; −1: none. */
  readonly nextCluster: Int32Array
  /** 1: far from every cluster. */
  readonly isOutlier: Int32Array
  /** Index into `ClusterModel.layers`; null: 0 for all. */
  readonly layer: Int32Array | null
  /** As `ClusterModel.scores`; NaN: none. */
  readonly scores: readonly Float64Array[]
  /** As `ClusterModel.also`: cluster numbers; −1: none. */
  readonly also: readonly Int32Array[]
  /** At most three, the strongest first. */
  readonly reasons: readonly Reason[]
}

export interface Reason {
  /** Index into `ClusterModel.reasons`; −1: none. */
  readonly label: Int32Array
  /** How strongly it pulls; below 0 where the customer is low in the feature. */
  readonly size: Float64Array
}
