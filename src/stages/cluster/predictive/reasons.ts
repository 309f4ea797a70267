import type { Reason } from '../placed.ts'
import type { BuyingForecast } from '../../../stats/forecast-repeat-buying.ts'
import type { TypicalFactors } from './parameters.ts'

/** The factors of lifetime value. */
export const reasonLabels: readonly string[] = ['chance to be alive', 'purchases while alive', 'worth of a purchase']

/** A factor this small says no more. */
const LEAST = 1e-9

/** Means of the factors over customers who bought. */
export function typicalFactors({ alive, lifetimePurchases, spend }: BuyingForecast): TypicalFactors {
  let [count, chances, purchases, money] = [0, 0, 0, 0]
  for (let i = 0; i < alive.length; i++) {
    if (Number.isNaN(alive[i]!)) continue
    count += 1
    chances += alive[i]!
    purchases += whileAlive(lifetimePurchases[i]!, alive[i]!)
    money += spend[i]!
  }
  const mean = (sum: number): number => (count === 0 ? 0 : sum / count)
  return { alive: mean(chances), lifetimePurchases: mean(purchases), spend: mean(money) }
}

/**
 * Lifetime value is a product, so that its logarithm is a sum: each factor of a customer against the typical one, the strongest first.
 * A size of ln 2 means twice what is typical by this factor alone, −ln 2 half of it.
 *
 * @returns three times one label a customer, see `reasonLabels`; −1 and NaN for those who never bought
 */
export function reasonsOf(
  { alive, lifetimePurchases, spend }: BuyingForecast,
  typical: TypicalFactors,
): readonly Reason[] {
  const reasons = reasonLabels.map(() => ({
    label: new Int32Array(alive.length).fill(-1),
    size: new Float64Array(alive.length).fill(NaN),
  }))
  for (let i = 0; i < alive.length; i++) {
    if (Number.isNaN(alive[i]!)) continue
    const sizes = [
      against(alive[i]!, typical.alive),
      against(whileAlive(lifetimePurchases[i]!, alive[i]!), typical.lifetimePurchases),
      against(spend[i]!, typical.spend),
    ]
    const order = [0, 1, 2].sort((a, b) => Math.abs(sizes[b]!) - Math.abs(sizes[a]!) || a - b)
    order.forEach((factor, rank) => {
      reasons[rank]!.label[i] = factor
      reasons[rank]!.size[i] = sizes[factor]!
    })
  }
  return reasons
}

function against(value: number, typical: number): number {
  return Math.log(Math.max(value, LEAST) / Math.max(typical, LEAST))
}

function whileAlive(purchases: number, alive: number): number {
  return alive > 0 ? purchases / alive : 0
}
