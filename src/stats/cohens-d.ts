import type { Moments } from './moments.ts'

/**
 * Cohen's d (Cohen 1988): difference of two means in units of the pooled standard deviation.
 *
 * @returns positive when `a` has the larger mean; NaN when a group is empty, or when there is no spread to measure by
 */
export function cohensD(a: Moments, b: Moments): number {
  if (a.count === 0 || b.count === 0) return NaN
  const pooledVariance = (a.squaredDeviations + b.squaredDeviations) / (a.count + b.count - 2)
  return pooledVariance > 0 ? (a.mean - b.mean) / Math.sqrt(pooledVariance) : NaN
}
