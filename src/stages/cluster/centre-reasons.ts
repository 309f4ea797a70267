import { StrongestThree } from '../../stats/strongest-three.ts'
import type { Reason } from './placed.ts'

/**
 * The three features that most pull each row to its own centre, away from the next nearest: per feature the squared distance to the next
 * centre minus that to the own one. Only what pulls towards the own centre is a reason; among equals the lower feature comes first.
 *
 * @param values shape (rows, dimensions), row-major
 * @param featureOfDimension feature that each dimension comes from, 0 to featureCount − 1
 * @param centres shape (clusters, dimensions), row-major
 * @param labels own centre of each row
 * @param nextLabels next nearest centre, −1 for none: then there are no reasons
 * @returns strongest first
 */
export function centreReasons(
  values: Float64Array,
  dimensions: number,
  featureOfDimension: Int32Array,
  featureCount: number,
  centres: Float64Array,
  labels: Int32Array,
  nextLabels: Int32Array,
): readonly Reason[] {
  const reasons = new StrongestThree(labels.length)
  const pulls = new Float64Array(featureCount)
  for (let row = 0; row < labels.length; row++) {
    if (nextLabels[row]! < 0) continue
    const at = row * dimensions
    const own = labels[row]! * dimensions
    const next = nextLabels[row]! * dimensions
    pulls.fill(0)
    for (let j = 0; j < dimensions; j++) {
      const a = centres[own + j]!
      const b = centres[next + j]!
      // (x − b)² − (x − a)², without the squares that cancel.
      pulls[featureOfDimension[j]!]! += (a - b) * (2 * values[at + j]! - a - b)
    }
    reasons.keep(row, pulls)
  }
  return reasons.columns
}
