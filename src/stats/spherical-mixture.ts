import { columnVariances, labelRows } from './fit-mixture.ts'
import type { FittedMixture } from './fit-mixture.ts'
import { bayesianInformation } from './mixture.ts'
import type { Mixture } from './mixture.ts'
import { squaredDistance } from './distance.ts'

export interface Centres {
  /** Shape (rows, dimensions), row-major, at least one row. */
  readonly values: Float64Array
  readonly dimensions: number
  /** Shape (components, dimensions), row-major. */
  readonly centres: Float64Array
  /** Nearest centre of each row. */
  readonly labels: Int32Array
}

/**
 * k-means seen as a mixture: components of equal weight, and one variance for all of them and all dimensions, the one at which its partition
 * is most likely. A row's most probable component is its nearest centre.
 */
export function sphericalMixture({
  values,
  dimensions,
  centres,
  labels,
}: Centres): Pick<FittedMixture, 'mixture' | 'labels' | 'logLikelihood' | 'bic'> {
  const rowCount = labels.length
  const componentCount = centres.length / dimensions
  const varyingCount = columnVariances(values, dimensions).filter((variance) => variance > 0).length
  let inertia = 0
  for (let row = 0; row < rowCount; row++)
    inertia += squaredDistance(values, row * dimensions, centres, labels[row]! * dimensions, dimensions)
  // Rows that all lie on their centres: any variance gives the same partition.
  const variance = inertia > 0 ? inertia / (rowCount * varyingCount) : 1
  const mixture: Mixture = {
    dimensions,
    weights: new Float64Array(componentCount).fill(1 / componentCount),
    means: centres,
    variances: new Float64Array(centres.length).fill(variance),
  }
  const labelled = labelRows(mixture, values)
  const parameterCount = componentCount * varyingCount + 1
  return { mixture, ...labelled, bic: bayesianInformation(labelled.logLikelihood, parameterCount, rowCount) }
}
