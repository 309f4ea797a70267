import { uniformDraws } from '../stats/uniform-draws.ts'

/** Which group each customer is in: shape (customers), 0 to groupCount − 1. Groups may be empty. */
export interface Grouping {
  readonly labels: Int32Array
  readonly groupCount: number
}

export interface Explained {
  /** Share that the groups explain, 0 to 1. */
  readonly raw: number
  /** The same less what as many groups drawn by lot explain on average: about 0 by chance, 1 for all. Below 0 for less than chance. */
  readonly corrected: number
}

/**
 * Share of the variance of an outcome that lies between groups (eta², Pearson 1911), and corrected for chance (epsilon², Kelley 1935): groups by
 * lot explain (k − 1) ÷ (n − 1).
 *
 * @param values shape (customers), without NaN
 * @returns null where all have the same value, or there are not more customers than groups
 */
export function explainedVariance(values: Float64Array, grouping: Grouping): Explained | null {
  const { sums, sizes, filled } = sumsOf(values, grouping)
  const n = values.length
  if (n <= filled) return null
  const mean = sums.reduce((total, sum) => total + sum, 0) / n
  let [all, between] = [0, 0]
  for (const value of values) all += (value - mean) ** 2
  sums.forEach((sum, group) => {
    if (sizes[group]! > 0) between += sizes[group]! * (sum / sizes[group]! - mean) ** 2
  })
  return all > 0 ? corrected(between / all, (filled - 1) / (n - 1)) : null
}

/**
 * Share of the log-likelihood of a yes or no that groups explain (pseudo-R², McFadden 1974): 1 − ln L(groups) ÷ ln L(nothing). By lot they raise
 * ln L by (k − 1) ÷ 2 (Wilks 1938).
 *
 * @param values shape (customers), 0 or 1
 * @returns null where all say the same
 */
export function explainedLikelihood(values: Float64Array, grouping: Grouping): Explained | null {
  const { sums, sizes, filled } = sumsOf(values, grouping)
  const yes = sums.reduce((total, sum) => total + sum, 0)
  const nothing = logLikelihood(yes, values.length)
  if (nothing === 0 || values.length <= filled) return null
  let grouped = 0
  sums.forEach((sum, group) => (grouped += logLikelihood(sum, sizes[group]!)))
  return corrected(1 - grouped / nothing, Math.min(1, (filled - 1) / 2 / -nothing))
}

/**
 * How often groups of the same sizes drawn by lot explain as much variance: (1 + as many) ÷ (1 + draws), which is never 0 (Phipson & Smyth 2010).
 *
 * @param seed equal seeds draw alike
 */
export function permutationP(values: Float64Array, grouping: Grouping, draws: number, seed: number): number {
  const observed = explainedVariance(values, grouping)?.raw ?? 0
  const draw = uniformDraws(seed)
  const labels = grouping.labels.slice()
  let asMuch = 0
  for (let i = 0; i < draws; i++) {
    for (let at = labels.length - 1; at > 0; at--) {
      const other = Math.floor(draw() * (at + 1))
      const label = labels[at]!
      labels[at] = labels[other]!
      labels[other] = label
    }
    if ((explainedVariance(values, { ...grouping, labels })?.raw ?? 0) >= observed) asMuch++
  }
  return (1 + asMuch) / (1 + draws)
}

function corrected(raw: number, byChance: number): Explained {
  return { raw, corrected: byChance >= 1 ? 0 : (raw - byChance) / (1 - byChance) }
}

function logLikelihood(yes: number, size: number): number {
  const term = (count: number): number => (count > 0 ? count * Math.log(count / size) : 0)
  return term(yes) + term(size - yes)
}

function sumsOf(values: Float64Array, { labels, groupCount }: Grouping) {
  const sums = new Float64Array(groupCount)
  const sizes = new Float64Array(groupCount)
  for (let i = 0; i < values.length; i++) {
    sums[labels[i]!]! += values[i]!
    sizes[labels[i]!]! += 1
  }
  return { sums, sizes, filled: sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0) }
}
