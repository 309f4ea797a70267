import { logGamma } from './log-gamma.ts'

/** Places in (0, 1) with their weights. */
export interface BetaNodes {
  readonly a: number
  readonly b: number
  readonly places: Float64Array
  readonly weights: Float64Array
}

const WIDEST_STEP = 0.5
const NEGLIGIBLE = 1e-19

/**
 * Places and weights for `betaMean`: the trapezoidal rule over the log-odds of p. There the integrand is analytic in a strip of ± π around the
 * real line and falls exponentially, so that the rule is right to the last digits (Trefethen & Weideman 2014).
 *
 * @param a above 0
 * @param b above 0
 */
export function betaNodes(a: number, b: number): BetaNodes {
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  const step = Math.min(WIDEST_STEP, 0.4 * Math.sqrt(1 / (a + 1) + 1 / (b + 1)))
  const places: number[] = []
  const weights: number[] = []
  // What is integrated vanishes at both ends as p(1 − p) does.
  const centre = Math.log((a + 1) / (b + 1))
  const add = (u: number): boolean => {
    const logP = -Math.log1p(Math.exp(-u))
    const logQ = -Math.log1p(Math.exp(u))
    weights.push(step * Math.exp(a * logP + b * logQ - logBeta))
    places.push(Math.exp(logP))
    return weights.at(-1)! * Math.exp(logP + logQ) > NEGLIGIBLE * step
  }
  for (let i = 0; add(centre + i * step);) i++
  for (let i = 1; add(centre - i * step);) i++
  return { a, b, places: Float64Array.from(places), weights: Float64Array.from(weights) }
}

/**
 * Mean of a smooth function of p ~ Beta(a, b).
 *
 * @param evaluate also has a value at 0 and at 1
 */
export function betaMean({ a, b, places, weights }: BetaNodes, evaluate: (p: number) => number): number {
  const [atZero, atOne] = [evaluate(0), evaluate(1)]
  // The chord has a mean in closed form, and the rest no mass at the ends, however small a and b are.
  let sum = 0
  for (let i = 0; i < places.length; i++) {
    const p = places[i]!
    sum += weights[i]! * (evaluate(p) - atZero - (atOne - atZero) * p)
  }
  return (atZero * b + atOne * a) / (a + b) + sum
}
