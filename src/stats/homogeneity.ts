import type { Tally } from './compare-shares.ts'
import { solveIncreasing } from './solve-increasing.ts'
import { chiSquareTail } from './tails.ts'

export interface Homogeneity {
  readonly statistic: number
  readonly freedom: number
  /** That effects so different come about where there is but one. 1 with fewer than two strata that can tell. */
  readonly p: number
}

/** Natural logarithms of odds ratios: further out they are as good as infinite. */
const FARTHEST_LOG_ODDS = 40

/**
 * Whether two arms differ alike in every stratum: the likelihood-ratio test of a logistic regression with and without interaction (Agresti 2013,
 * 5.3 and 6.4). Strata where all or nobody had success tell nothing, and count for no degree of freedom.
 *
 * @param strata arm `a` and arm `b` of each
 */
export function compareOddsRatios(strata: readonly (readonly [a: Tally, b: Tally])[]): Homogeneity {
  const telling = strata.filter(
    ([a, b]) => a.size > 0 && b.size > 0 && a.count + b.count > 0 && a.count + b.count < a.size + b.size,
  )
  const freedom = telling.length - 1
  if (freedom < 1) return { statistic: 0, freedom: 0, p: 1 }
  const seen = telling.reduce((sum, [, b]) => sum + b.count, 0)
  // The common ratio of greatest likelihood is the one that expects what was seen (the score of its coefficient is 0).
  const ratio = Math.exp(
    solveIncreasing(
      (log) => telling.reduce((sum, stratum) => sum + expectedOfB(stratum, Math.exp(log)), 0) - seen,
      -FARTHEST_LOG_ODDS,
      FARTHEST_LOG_ODDS,
    ),
  )
  let deviance = 0
  for (const [a, b] of telling) {
    const ofB = expectedOfB([a, b], ratio)
    const ofA = a.count + b.count - ofB
    deviance += 2 * (excess(a.count, ofA) + excess(b.count, ofB))
    deviance += 2 * (excess(a.size - a.count, a.size - ofA) + excess(b.size - b.count, b.size - ofB))
  }
  const statistic = Math.max(0, deviance)
  return { statistic, freedom, p: chiSquareTail(statistic, freedom) }
}

/** Successes of `b` in a table with these margins and this odds ratio: the root between its bounds of (r−1)x² − (…)x + r·n·m = 0. */
function expectedOfB([a, b]: readonly [Tally, Tally], ratio: number): number {
  const successes = a.count + b.count
  const rest = a.size - successes
  if (Math.abs(ratio - 1) < 1e-12) return (successes * b.size) / (a.size + b.size)
  const square = ratio - 1
  const linear = ratio * (b.size + successes) + rest
  const constant = ratio * b.size * successes
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * square * constant))
  // The form without a difference of nearly equal numbers.
  return (2 * constant) / (linear + root)
}

function excess(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0
}

/**
 * Whether estimates of several strata differ by more than their standard errors (Cochran 1954, Q): of differences of means whose variances
 * differ, where an F test would assume that they do not.
 */
export function compareEstimates(
  estimates: readonly { readonly value: number; readonly standardError: number }[],
): Homogeneity {
  const telling = estimates.filter(({ standardError }) => standardError > 0)
  const freedom = telling.length - 1
  if (freedom < 1) return { statistic: 0, freedom: 0, p: 1 }
  const weights = telling.map(({ standardError }) => 1 / standardError ** 2)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = telling.reduce((sum, { value }, at) => sum + weights[at]! * value, 0) / total
  const statistic = telling.reduce((sum, { value }, at) => sum + weights[at]! * (value - mean) ** 2, 0)
  return { statistic, freedom, p: chiSquareTail(statistic, freedom) }
}
