import type { RepeatHistories } from './beta-geometric.ts'
import type { ForecastSpan, PurchaseForecast } from './forecast-purchases.ts'

/** Somebody is as likely lost as not after so many own gaps without a purchase. */
const HALF_LOST_GAPS = 2

/** Time between purchases over all units that came back, first to last purchase; without any, `otherwise`. */
export function typicalGap({ repeats, lastAges }: RepeatHistories, otherwise: number): number {
  let [purchases, time] = [0, 0]
  for (let i = 0; i < repeats.length; i++) {
    purchases += repeats[i]!
    time += lastAges[i]!
  }
  return purchases === 0 ? otherwise : time / purchases
}

/**
 * The forecast for when no model could be fitted: the chance to be alive halves with every two own gaps since the last purchase, and who is
 * alive buys at the own pace. The own gap is (t_x + typical gap) ÷ (x + 1), so that one-time buyers have the typical one.
 *
 * @param anybodyReturns false: nothing speaks for another purchase, so that none is expected
 */
export function forecastByOwnGap(
  { repeats, lastAges, ages }: RepeatHistories,
  typical: number,
  anybodyReturns: boolean,
  { horizon, lifetime, discountRate }: ForecastSpan,
): PurchaseForecast {
  const alive = new Float64Array(ages.length)
  const [returns, purchases, lifetimePurchases] = [alive.slice(), alive.slice(), alive.slice()]
  for (let i = 0; i < ages.length; i++) {
    const gap = (lastAges[i]! + typical) / (repeats[i]! + 1)
    const halving = Math.LN2 / (HALF_LOST_GAPS * gap)
    const isAlive = Math.exp(-halving * (ages[i]! - lastAges[i]!))
    const pace = anybodyReturns ? 1 / gap : 0
    alive[i] = isAlive
    returns[i] = isAlive * -Math.expm1(-pace * horizon)
    purchases[i] = isAlive * pace * fading(halving, horizon)
    lifetimePurchases[i] = isAlive * pace * fading(halving + discountRate, lifetime)
  }
  return { alive, returns, purchases, lifetimePurchases }
}

/** ∫ e^(−rate · t) dt over (0, time): the pace goes on to fall as the chance to be alive does. */
function fading(rate: number, time: number): number {
  return -Math.expm1(-rate * time) / rate
}
