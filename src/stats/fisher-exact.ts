import type { Tally } from './compare-shares.ts'
import { logGamma } from './log-gamma.ts'

/** Tables as likely as the one seen count as such, whatever rounding did to them. */
const SAME = 1 + 1e-9

/**
 * Fisher's exact test of two shares, two-sided: how likely a table is that is at most as likely as the one seen, given its margins.
 * Takes a time proportional to the smaller margin.
 */
export function fisherExact(a: Tally, b: Tally): number {
  const total = a.size + b.size
  const successes = a.count + b.count
  const least = Math.max(0, successes - b.size)
  const most = Math.min(a.size, successes)
  const logWays = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  const logSeen = logWays(a.size, a.count) + logWays(b.size, b.count) - logWays(total, successes)
  // Relative to the table seen, outward from it: likelihoods rise to the mode and fall behind it.
  let atMost = 0
  let all = 0
  const add = (ratio: number): void => {
    all += ratio
    if (ratio <= SAME) atMost += ratio
  }
  let ratio = 1
  for (let k = a.count; k <= most && ratio > 0; k++) {
    add(ratio)
    ratio *= ((a.size - k) * (successes - k)) / ((k + 1) * (b.size - successes + k + 1))
  }
  ratio = 1
  for (let k = a.count; k > least && ratio > 0; k--) {
    ratio *= (k * (b.size - successes + k)) / ((a.size - k + 1) * (successes - k + 1))
    add(ratio)
  }
  // Where the one seen is so unlikely that its ratios overflow, its own likelihood is scale enough.
  return Number.isFinite(all) ? Math.min(1, atMost / all) : Math.min(1, atMost * Math.exp(logSeen))
}
