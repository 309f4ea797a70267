import { betaAlive, deathLogOdds } from './beta-geometric.ts'
import type { BetaGeometricModel, BetaGeometricParameters, RepeatHistories } from './beta-geometric.ts'
import { betaMean, betaNodes } from './beta-mean.ts'
import type { BetaNodes } from './beta-mean.ts'

/** Gauss–Legendre of 6 points on (−1, 1): half of the places, which are symmetric, and their weights (Abramowitz & Stegun 1964, table 25.4). */
const PLACES = [0.238619186083197, 0.661209386466265, 0.932469514203152]
const WEIGHTS = [0.467913934572691, 0.360761573048139, 0.17132449237917]

/** How far a forecast looks, in the unit of time of the histories. */
export interface ForecastSpan {
  readonly horizon: number
  /** A purchase after `time` counts e^(−discountRate · time), and none after `lifetime`. */
  readonly lifetime: number
  readonly discountRate: number
}

export interface ForecastTask extends RepeatHistories, ForecastSpan {
  readonly model: BetaGeometricModel
  readonly parameters: BetaGeometricParameters
}

/** One row a unit, in the order given. */
export interface PurchaseForecast {
  readonly alive: Float64Array
  /** Chance of at least one purchase in the horizon. */
  readonly returns: Float64Array
  /** Purchases in the horizon. */
  readonly purchases: Float64Array
  /** Purchases of the lifetime, discounted. */
  readonly lifetimePurchases: Float64Array
}

/**
 * Purchases that somebody makes in (0, time], given that they are alive now: E[(1 − e^(−λpt)) ÷ p] over rates λ ~ Gamma(shape, late) and
 * chances p ~ Beta. Its closed form is equation 10 of Fader, Hardie & Lee (2005) times the denominator there, a 2F1 that divides by 0 at a = 1,
 * loses all digits for large r and small a + b, and converges slowly for long times: so the integral over p is computed instead.
 *
 * @param nodes of Beta(a, b) of somebody alive, see `betaAlive`
 * @param shape r + x
 * @param late α + T
 */
export function purchasesWhileAlive(nodes: BetaNodes, shape: number, late: number, time: number): number {
  const relative = time / late
  return betaMean(nodes, (p) => {
    const most = p * relative
    return most < 1e-300 ? shape * relative : (-Math.expm1(-shape * Math.log1p(most)) / most) * relative
  })
}

/** @param task rows that can have happened, see `findImpossible` */
export function forecastPurchases(task: ForecastTask): PurchaseForecast {
  const { model, parameters, repeats, lastAges, ages, horizon } = task
  const { r, alpha, a, b } = parameters
  const alive = new Float64Array(ages.length)
  const [returns, purchases, lifetimePurchases] = [alive.slice(), alive.slice(), alive.slice()]
  // What depends on x and T alone is computed once for all that share them.
  const known = new Map<number, { nodes: BetaNodes; byAge: Map<number, readonly [number, number]> }>()
  for (let i = 0; i < ages.length; i++) {
    const [x, age] = [repeats[i]!, ages[i]!]
    const ofX = known.get(x) ?? { nodes: betaNodes(a, betaAlive(model, b, x)), byAge: new Map() }
    known.set(x, ofX)
    const [soon, lifelong] = ofX.byAge.get(age) ?? whileAlive(task, ofX.nodes, x, age)
    ofX.byAge.set(age, [soon, lifelong])
    alive[i] = 1 / (1 + Math.exp(deathLogOdds(model, parameters, x, lastAges[i]!, age)))
    returns[i] = alive[i]! * -Math.expm1(-(r + x) * Math.log1p(horizon / (alpha + age)))
    purchases[i] = alive[i]! * soon
    lifetimePurchases[i] = alive[i]! * lifelong
  }
  return { alive, returns, purchases, lifetimePurchases }
}

/** ∫ e^(−δt) dE(t) = e^(−δL) E(L) + δ ∫ e^(−δt) E(t) dt, over (0, L). */
function whileAlive(task: ForecastTask, nodes: BetaNodes, x: number, age: number): readonly [number, number] {
  const { parameters, horizon, lifetime, discountRate } = task
  const until = (time: number): number => purchasesWhileAlive(nodes, parameters.r + x, parameters.alpha + age, time)
  const discounted = (time: number): number => Math.exp(-discountRate * time) * until(time)
  if (discountRate === 0) return [until(horizon), until(lifetime)]
  const half = lifetime / 2
  let area = 0
  PLACES.forEach((place, i) => {
    area += WEIGHTS[i]! * half * (discounted(half * (1 - place)) + discounted(half * (1 + place)))
  })
  return [until(horizon), discounted(lifetime) + discountRate * area]
}
