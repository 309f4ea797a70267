import { collapseRows } from './collapse-rows.ts'
import { digamma, logGamma } from './log-gamma.ts'
import { maximiseLikelihood, notEnoughRows } from './maximise-likelihood.ts'
import type { LikelihoodFit } from './maximise-likelihood.ts'

/** A purchase is worth Gamma(p, ν), and ν is Gamma(q, γ) over units; γ is in money. */
export interface GammaGammaParameters {
  readonly p: number
  readonly q: number
  readonly gamma: number
}

export interface GammaGammaTask {
  /** Purchases that the mean is of, at least 1. */
  readonly purchases: Float64Array
  /** Mean worth of these, above 0. */
  readonly means: Float64Array
  readonly leastRows: number
}

/** Maximum likelihood of the gamma-gamma model of spend (Fader & Hardie 2013); it does not depend on the order of rows. */
export function fitGammaGamma({ purchases, means, leastRows }: GammaGammaTask): LikelihoodFit<GammaGammaParameters> {
  const rowCount = means.length
  if (rowCount < Math.max(1, leastRows)) return notEnoughRows(rowCount, rowCount)
  const { columns, counts } = collapseRows([purchases, means])
  const [x, m] = columns as [Float64Array, Float64Array]
  let scale = 0
  for (let i = 0; i < m.length; i++) scale += (m[i]! * counts[i]!) / rowCount
  return maximiseLikelihood({
    ...{ rowCount, repeatRows: rowCount, scales: [1, 1, scale], start: [1, 2, 1] },
    parametersOf: ([p, q, gamma]) => ({ p: p!, q: q!, gamma: gamma! }),
    logLikelihood: (parameters, gradient) => likelihood(parameters, x, m, counts, gradient),
  })
}

/**
 * What a purchase of somebody is worth on average: their own mean, drawn towards that of all.
 *
 * @param parameters q above 1: else the mean over all units has no value
 * @param purchases that `mean` is of; 0 gives the mean over all
 */
export function expectedWorth({ p, q, gamma }: GammaGammaParameters, purchases: number, mean: number): number {
  return purchases === 0 ? (p * gamma) / (q - 1) : (p * (gamma + purchases * mean)) / (p * purchases + q - 1)
}

function likelihood(
  { p, q, gamma }: GammaGammaParameters,
  x: Float64Array,
  m: Float64Array,
  counts: Float64Array,
  gradient: Float64Array,
): number {
  let [sum, byP, byQ, byGamma] = [0, 0, 0, 0]
  for (let i = 0; i < m.length;) {
    const n = x[i]!
    const [all, own] = [p * n + q, p * n]
    const fixed = logGamma(all) - logGamma(own) - logGamma(q) + q * Math.log(gamma) + own * Math.log(n)
    const fixedByP = n * (digamma(all) - digamma(own) + Math.log(n))
    const fixedByQ = digamma(all) - digamma(q) + Math.log(gamma)
    for (; i < m.length && x[i] === n; i++) {
      const count = counts[i]!
      const total = gamma + n * m[i]!
      const logMean = Math.log(m[i]!)
      const logTotal = Math.log(total)
      sum += count * (fixed + (own - 1) * logMean - all * logTotal)
      byP += count * (fixedByP + n * (logMean - logTotal))
      byQ += count * (fixedByQ - logTotal)
      byGamma += count * (q / gamma - all / total)
    }
  }
  gradient.set([byP, byQ, byGamma])
  return sum
}
