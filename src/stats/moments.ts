/** What mean and variance are made of. Moments of disjoint groups can be merged. */
export interface Moments {
  readonly count: number
  readonly mean: number
  /** Sum of squared deviations from the mean. */
  readonly squaredDeviations: number
}

/**
 * Mean, then squared deviations from it: two passes in the order given, so that equal input gives equal bits.
 *
 * @param values NaN is skipped
 * @returns mean NaN and deviations 0 without values
 */
export function momentsOf(values: Float64Array): Moments {
  let count = 0
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    count += 1
    sum += values[i]!
  }
  const mean = sum / count
  let squaredDeviations = 0
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) squaredDeviations += (values[i]! - mean) ** 2
  }
  return { count, mean, squaredDeviations }
}

/** Moments of two disjoint groups together (Chan, Golub & LeVeque 1983). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const count = a.count + b.count
  const difference = b.mean - a.mean
  return {
    count,
    mean: (a.count * a.mean + b.count * b.mean) / count,
    squaredDeviations: a.squaredDeviations + b.squaredDeviations + (difference ** 2 * a.count * b.count) / count,
  }
}
