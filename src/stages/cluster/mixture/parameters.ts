import type { Mixture } from '../../../stats/mixture.ts'

/** What places a customer in a mixture. */
export interface MixtureParameters {
  readonly method: 'mixture'
  /** `kmeans`: the mixture could not be fitted, and equal round components around the centres of k-means stand in for it. */
  readonly fittedBy: 'mixture' | 'kmeans'
  /** Why k-means stands in, in words; null where it does not. */
  readonly fallbackReason: string | null
  readonly weights: readonly number[]
  /** Shape (clusterCount, dimensions), in the space of the transformed features. */
  readonly means: readonly (readonly number[])[]
  readonly variances: readonly (readonly number[])[]
  /** Of the k-means start. */
  readonly seed: number
  readonly iterations: number
  readonly converged: boolean
  /** Of the sample. */
  readonly logLikelihood: number
  readonly bic: number
  /** The 0.5 % quantile of the ln density of the sample's customers: those below are outliers. */
  readonly outlierLogDensity: number
}

export function mixtureOf({
  weights,
  means,
  variances,
}: Pick<MixtureParameters, 'weights' | 'means' | 'variances'>): Mixture {
  return {
    dimensions: means[0]!.length,
    weights: Float64Array.from(weights),
    means: Float64Array.from(means.flat()),
    variances: Float64Array.from(variances.flat()),
  }
}
