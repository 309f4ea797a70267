import { momentsOf } from './moments.ts'

export interface Adjusted {
  readonly values: Float64Array
  /** What a unit of the covariate is worth: pooled within groups, so that the effect itself does not leak into it. */
  readonly theta: number
  /** Which part of the variance within groups went, 0 to 1. */
  readonly varianceReduction: number
}

/**
 * CUPED (Deng, Xu, Kohavi & Walker 2013): takes out of a measure what a covariate from before already foretold. The difference of the means
 * of what is left is that of an analysis of covariance.
 *
 * @param groups of shape (n), 0 to `groupCount` − 1
 * @param values of shape (n), without NaN
 * @param covariate of shape (n), without NaN, known before the groups were
 */
export function adjustByCovariate(
  groups: Int32Array,
  groupCount: number,
  values: Float64Array,
  covariate: Float64Array,
): Adjusted {
  const sizes = new Float64Array(groupCount)
  const [meanY, meanX] = [new Float64Array(groupCount), new Float64Array(groupCount)]
  groups.forEach((group, row) => {
    sizes[group]! += 1
    meanY[group]! += values[row]!
    meanX[group]! += covariate[row]!
  })
  for (let group = 0; group < groupCount; group++) {
    meanY[group]! /= sizes[group]!
    meanX[group]! /= sizes[group]!
  }
  let [xx, xy, yy] = [0, 0, 0]
  groups.forEach((group, row) => {
    const x = covariate[row]! - meanX[group]!
    const y = values[row]! - meanY[group]!
    xx += x * x
    xy += x * y
    yy += y * y
  })
  const theta = xx > 0 ? xy / xx : 0
  const { mean } = momentsOf(covariate)
  return {
    values: values.map((value, row) => value - theta * (covariate[row]! - mean)),
    theta,
    varianceReduction: xx > 0 && yy > 0 ? (xy * xy) / (xx * yy) : 0,
  }
}
