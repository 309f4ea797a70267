/** 99.9 % quantile of the standard normal distribution. */
const Z = 3.090232306167813

export interface Stability {
  /** Population stability index, ≥ 0: 0 for equal shares. */
  readonly index: number
  /** What the index stays below in 99.9 % of pairs of samples of these sizes from one population. */
  readonly byChance: number
}

/**
 * Population stability index (Siddiqi, "Credit Risk Scorecards", 2006, chapter 11; the symmetric divergence of Jeffreys 1946): Σ (a − e) ln(a ÷ e)
 * over the shares of bins, before and now. Usually read as: below 0.1 no change, from 0.25 a large one. Bins that are empty both times
 * do not count, and half a customer is added to each of the others, so that a bin that emptied gives no infinity.
 *
 * Of two samples of n and m from one population it is about (1 ÷ n + 1 ÷ m) χ² with one degree of freedom fewer than bins (Yurdakul &
 * Naranjo, "Statistical properties of the population stability index", Journal of Risk Model Validation 14/4, 2020): among few customers
 * 0.25 is nothing. The quantile of χ² is that of Wilson & Hilferty (1931).
 *
 * @param before customers of each bin, whole numbers
 * @param now of the same bins
 */
export function populationStability(before: readonly number[], now: readonly number[]): Stability {
  const bins = before.flatMap((count, i) => (count + now[i]! > 0 ? [[count, now[i]!] as const] : []))
  const [n, m] = bins.reduce(([a, b], [one, other]) => [a + one, b + other] as const, [0, 0] as const)
  if (bins.length < 2 || n === 0 || m === 0) return { index: 0, byChance: 0 }
  let index = 0
  for (const [one, other] of bins) {
    const expected = (one + 0.5) / (n + bins.length / 2)
    const actual = (other + 0.5) / (m + bins.length / 2)
    index += (actual - expected) * Math.log(actual / expected)
  }
  const freedom = bins.length - 1
  const spread = 2 / (9 * freedom)
  const quantile = freedom * (1 - spread + Z * Math.sqrt(spread)) ** 3
  return { index, byChance: (1 / n + 1 / m) * quantile }
}
