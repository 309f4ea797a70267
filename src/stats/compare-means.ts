import type { Interval } from './compare-shares.ts'
import type { Moments } from './moments.ts'
import { studentQuantile, studentTail } from './tails.ts'

export interface MeansCompared {
  /** Mean of `b` less mean of `a`. */
  readonly difference: number
  readonly interval: Interval
  readonly standardError: number
  /** NaN where neither varies. */
  readonly t: number
  readonly freedom: number
  readonly p: number
}

/**
 * Two means, whose variances may differ (Welch 1947).
 *
 * @param a of at least 2 values, as `b`
 * @param confidence of the interval, such as 0.95
 */
export function compareMeans(a: Moments, b: Moments, confidence: number): MeansCompared {
  const ofA = a.squaredDeviations / (a.count - 1) / a.count
  const ofB = b.squaredDeviations / (b.count - 1) / b.count
  const difference = b.mean - a.mean
  const standardError = Math.sqrt(ofA + ofB)
  if (!(standardError > 0)) {
    const p = difference === 0 ? 1 : 0
    return { difference, interval: { lower: difference, upper: difference }, standardError, t: NaN, freedom: NaN, p }
  }
  const freedom = (ofA + ofB) ** 2 / (ofA ** 2 / (a.count - 1) + ofB ** 2 / (b.count - 1))
  const t = difference / standardError
  const half = studentQuantile((1 + confidence) / 2, freedom) * standardError
  return {
    difference,
    interval: { lower: difference - half, upper: difference + half },
    standardError,
    t,
    freedom,
    p: Math.min(1, 2 * studentTail(Math.abs(t), freedom)),
  }
}
