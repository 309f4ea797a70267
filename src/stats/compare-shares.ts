import { normalQuantile, normalTail } from './normal.ts'
import { shareInterval } from './share-interval.ts'

/** So many of so many. */
export interface Tally {
  readonly count: number
  readonly size: number
}

export interface Interval {
  readonly lower: number
  readonly upper: number
}

export interface SharesCompared {
  /** Share of `b` less share of `a`. */
  readonly difference: number
  /** Of the difference. */
  readonly interval: Interval
  /** NaN where nobody or everybody of both has the property. */
  readonly z: number
  readonly p: number
}

/**
 * Two shares: the z test with the pooled share, and the interval of the difference from two Wilson intervals (Newcombe 1998, method 10), which
 * also holds for shares near 0 and 1.
 *
 * @param confidence of the interval, such as 0.95
 */
export function compareShares(a: Tally, b: Tally, confidence: number): SharesCompared {
  const [shareA, shareB] = [a.count / a.size, b.count / b.size]
  const difference = shareB - shareA
  const pooled = (a.count + b.count) / (a.size + b.size)
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / a.size + 1 / b.size))
  const p = Number.isNaN(z) ? 1 : 2 * normalTail(Math.abs(z))
  const quantile = normalQuantile((1 + confidence) / 2)
  const [ofA, ofB] = [a, b].map(({ count, size }) => shareInterval(count, size, 0, quantile)) as [Interval, Interval]
  const interval = {
    lower: difference - Math.hypot(shareB - ofB.lower, ofA.upper - shareA),
    upper: difference + Math.hypot(ofB.upper - shareB, shareA - ofA.lower),
  }
  return { difference, interval, z, p }
}
