/** Gaussian mixture whose components have diagonal covariances. */
export interface Mixture {
  readonly dimensions: number
  /** Shape (components), > 0, sum 1. */
  readonly weights: Float64Array
  /** Shape (components, dimensions), row-major. */
  readonly means: Float64Array
  /** Shape (components, dimensions), row-major, > 0. */
  readonly variances: Float64Array
}

/** A mixture made ready for computing densities. */
export interface PreparedMixture {
  readonly dimensions: number
  readonly means: Float64Array
  /** 1 ÷ variance. */
  readonly precisions: Float64Array
  /** Of each component: ln weight − ½ (dimensions × ln 2π + Σ ln variance). */
  readonly offsets: Float64Array
}

const LOG_TWO_PI = Math.log(2 * Math.PI)
/** e to this power is less than 2⁻⁶⁰: added to 1 or more, it changes no digit. */
const LOST = -42

export function prepareMixture({ dimensions, weights, means, variances }: Mixture): PreparedMixture {
  const offsets = weights.map((weight, component) => {
    let logDeterminant = 0
    for (let j = 0; j < dimensions; j++) logDeterminant += Math.log(variances[component * dimensions + j]!)
    return Math.log(weight) - (dimensions * LOG_TWO_PI + logDeterminant) / 2
  })
  return { dimensions, means, precisions: variances.map((variance) => 1 / variance), offsets }
}

/**
 * ln (weight × density) of a row under each component, and ln of their sum, which is taken relative to the largest so that nothing
 * underflows.
 *
 * @param at index of the row's first value
 * @param squares receives the squared Mahalanobis distance to each component
 * @param joint receives ln (weight × density) under each component
 * @param powers receives weight × density under each component relative to the largest: 0 where it is lost in a sum of them. Unfinished
 *   when the result is −Infinity.
 * @returns ln density of the row under the mixture
 */
export function logDensityOf(
  { dimensions, means, precisions, offsets }: PreparedMixture,
  values: Float64Array,
  at: number,
  squares: Float64Array,
  joint: Float64Array,
  powers: Float64Array,
): number {
  let largest = -Infinity
  const pairEnd = at + dimensions - (dimensions % 2)
  for (let component = 0, parameter = 0; component < offsets.length; component++) {
    // Two sums side by side: the processor need not wait for one.
    let even = 0
    let odd = 0
    let from = at
    for (; from < pairEnd; from += 2, parameter += 2) {
      const difference = values[from]! - means[parameter]!
      const other = values[from + 1]! - means[parameter + 1]!
      even += difference * difference * precisions[parameter]!
      odd += other * other * precisions[parameter + 1]!
    }
    if (from < at + dimensions) {
      const difference = values[from]! - means[parameter]!
      even += difference * difference * precisions[parameter]!
      parameter += 1
    }
    const square = even + odd
    squares[component] = square
    const one = offsets[component]! - square / 2
    joint[component] = one
    if (one > largest) largest = one
  }
  // Infinitely far from everything: the difference below would not be a number.
  if (largest === -Infinity) return -Infinity
  let sum = 0
  for (let component = 0; component < joint.length; component++) {
    const behind = joint[component]! - largest
    const power = behind < LOST ? 0 : Math.exp(behind)
    powers[component] = power
    sum += power
  }
  return largest + Math.log(sum)
}

/**
 * Bayesian information criterion (Schwarz 1978) with the sign of scikit-learn: lower is better.
 *
 * @param logLikelihood of all rows together
 * @param parameterCount free parameters
 */
export function bayesianInformation(logLikelihood: number, parameterCount: number, rowCount: number): number {
  return parameterCount * Math.log(rowCount) - 2 * logLikelihood
}
