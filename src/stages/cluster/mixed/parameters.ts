/** What places a customer by k-prototypes. */
export interface MixedParameters {
  readonly method: 'mixed'
  /** What another level adds to the squared distance, before weights. */
  readonly gamma: number
  /** Shape (clusterCount, dimensions), in the space that `mixedCoordinates` makes. */
  readonly prototypes: readonly (readonly number[])[]
  /** Of the start that won. */
  readonly seed: number
  /** Sum of the sample's distances to their prototypes: squared ones of numbers, and penalties of categories. */
  readonly cost: number
  readonly silhouette: number | null
  /** The 99.5 % quantile of the sample's distances to their prototypes. */
  readonly outlierDistance: number
}
