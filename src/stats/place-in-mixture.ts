import { logDensityOf, prepareMixture } from './mixture.ts'
import type { Mixture } from './mixture.ts'
import { StrongestThree } from './strongest-three.ts'
import type { RankColumn } from './strongest-three.ts'

export interface MixturePlacementRequest {
  readonly mixture: Mixture
  /** Shape (rows, dimensions), row-major. */
  readonly values: Float64Array
  /** Group of each dimension, 0 to groupCount − 1. */
  readonly groupOfDimension: Int32Array
  readonly groupCount: number
}

/** Columns of the rows. */
export interface MixturePlacement {
  /** Most probable component, the first of equals. */
  readonly labels: Int32Array
  /** Next most probable, −1 with one component. */
  readonly nextLabels: Int32Array
  /** Probability of the most probable component, given the row. */
  readonly posteriors: Float64Array
  /** Mahalanobis distance to the most probable component. */
  readonly distances: Float64Array
  /** Under the whole mixture. */
  readonly logDensities: Float64Array
  /** The three groups of dimensions in which the most probable component is ahead of the next by most, as ln density. */
  readonly leads: readonly RankColumn[]
}

/** Places rows in the components of a mixture. What a row gets depends on nothing but the row and the mixture. */
export function placeInMixture({
  mixture,
  values,
  groupOfDimension,
  groupCount,
}: MixturePlacementRequest): MixturePlacement {
  const prepared = prepareMixture(mixture)
  const { dimensions } = mixture
  const componentCount = prepared.offsets.length
  const rowCount = values.length / dimensions
  const squares = new Float64Array(componentCount)
  const joint = new Float64Array(componentCount)
  const powers = new Float64Array(componentCount)
  const labels = new Int32Array(rowCount)
  const nextLabels = new Int32Array(rowCount)
  const posteriors = new Float64Array(rowCount)
  const distances = new Float64Array(rowCount)
  const logDensities = new Float64Array(rowCount)
  const leads = new StrongestThree(rowCount)
  const ofGroups = new Float64Array(groupCount)
  const halfLogs = mixture.variances.map((variance) => Math.log(variance) / 2)
  for (let row = 0; row < rowCount; row++) {
    const at = row * dimensions
    const logDensity = logDensityOf(prepared, values, at, squares, joint, powers)
    let label = 0
    let next = -1
    for (let component = 1; component < componentCount; component++) {
      if (joint[component]! > joint[label]!) {
        next = label
        label = component
      } else if (next < 0 || joint[component]! > joint[next]!) next = component
    }
    labels[row] = label
    nextLabels[row] = next
    // Rounding may give a little more than 1. Infinitely far from all components, all are equally far.
    posteriors[row] = logDensity === -Infinity ? 1 / componentCount : Math.min(1, Math.exp(joint[label]! - logDensity))
    distances[row] = Math.sqrt(squares[label]!)
    logDensities[row] = logDensity
    if (next < 0) continue
    ofGroups.fill(0)
    for (let j = 0; j < dimensions; j++) {
      const own = label * dimensions + j
      const other = next * dimensions + j
      ofGroups[groupOfDimension[j]!]! +=
        halfLogs[other]! -
        halfLogs[own]! +
        ((values[at + j]! - prepared.means[other]!) ** 2 * prepared.precisions[other]! -
          (values[at + j]! - prepared.means[own]!) ** 2 * prepared.precisions[own]!) /
          2
    }
    leads.keep(row, ofGroups)
  }
  return { labels, nextLabels, posteriors, distances, logDensities, leads: leads.columns }
}
