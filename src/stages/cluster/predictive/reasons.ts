import type { Reason } from '../placed.ts'
import type { CustomerForecast } from './customer-columns.ts'
import type { TypicalFactors } from './parameters.ts'

/** What raises lifetime value or lowers it: two labels for each of its factors. */
export const reasonLabels: readonly string[] = [
  ...['likely to buy again', 'likely lost'],
  ...['buys often', 'buys seldom'],
  ...['spends much on a purchase', 'spends little on a purchase'],
]
const FACTORS = 3

/** A factor this small says no more. */
const LEAST = 1e-9

/** Means of the factors over customers who bought. */
export function typicalFactors({ alive, lifetimePurchases, spend }: CustomerForecast): TypicalFactors {
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
 * A size of ln 2 means twice or half of what is typical, by this factor alone.
 *
 * @returns three times one label a customer, see `reasonLabels`; −1 and NaN for those who never bought
 */
export function reasonsOf(
  { alive, lifetimePurchases, spend }: CustomerForecast,
  typical: TypicalFactors,
): readonly Reason[] {
  const reasons = Array.from({ length: FACTORS }, () => ({
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
      reasons[rank]!.label[i] = 2 * factor + (sizes[factor]! < 0 ? 1 : 0)
      reasons[rank]!.size[i] = Math.abs(sizes[factor]!)
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
