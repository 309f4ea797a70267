import { closingSecond, dayCount, lastQuarterDay, openingSecond } from './calendar.ts'
import type { Product } from './catalogue.ts'
import { categories, giftCategory, type Tier } from './catalogue.ts'
import { behaviours, channelNames, driftedGapDays, driftingShare, groupShares, type GroupName } from './groups.ts'
import type { Random } from './random.ts'

export interface DemoCustomer {
  readonly group: GroupName
  readonly drifts: boolean
  /** Day of the first order. */
  readonly firstDay: number
}

export interface DemoLine {
  readonly product: Product
  readonly quantity: number
  readonly priceCents: number
}

export interface DemoOrder {
  readonly day: number
  readonly second: number
  readonly channel: string
  readonly lines: readonly DemoLine[]
}

const names = Object.keys(groupShares) as GroupName[]
const weights = names.map((name) => groupShares[name])

/** Members of a group differ from one another by this much, and their gaps from one order to the next by that much. */
const SPREAD_OF_MEMBERS = 0.15
const SPREAD_OF_GAPS = 0.35

export function drawCustomer(random: Random): DemoCustomer {
  const group = names[random.weighted(weights)]!
  const [from, to] = behaviours[group].firstDay
  return { group, drifts: group === 'occasional' && random.chance(driftingShare), firstDay: random.whole(from, to) }
}

/** Orders of one customer in time order. At least one. */
export function drawOrders(
  random: Random,
  shelf: (category: string, tier: Tier) => readonly Product[],
  { group, drifts, firstDay }: DemoCustomer,
  pace: number,
): readonly DemoOrder[] {
  const behaviour = behaviours[group]
  const gapDays = behaviour.gapDays * pace * random.factor(SPREAD_OF_MEMBERS)
  const lastDay = behaviour.lastDay ? random.whole(...behaviour.lastDay) : dayCount - 1
  const liked = likedCategories(random, group)
  const orders: DemoOrder[] = []
  let day = firstDay
  while (Math.floor(day) <= lastDay) {
    orders.push({
      day: Math.floor(day),
      second: random.whole(openingSecond, closingSecond),
      channel: channelNames[random.weighted(behaviour.channels)]!,
      lines: Array.from({ length: random.whole(...behaviour.lines) }, () => {
        const product = random.pick(shelf(random.pick(liked), behaviour.tier))
        return {
          product,
          quantity: random.chance(0.15) ? 2 : 1,
          // A discount of 10 % now and then.
          priceCents: random.chance(0.1) ? Math.round(product.priceCents * 0.9) : product.priceCents,
        }
      }),
    })
    const gap = (drifts && day >= lastQuarterDay ? driftedGapDays * pace : gapDays) * random.factor(SPREAD_OF_GAPS)
    const next = day + Math.max(gap, 0.5)
    // A member that drifts does not wait for its old rhythm.
    day = drifts && day < lastQuarterDay && next > lastQuarterDay + 7 ? lastQuarterDay + random.between(0, 7) : next
  }
  return orders
}

function likedCategories(random: Random, group: GroupName): readonly string[] {
  if (group === 'gift_buyers') return [giftCategory]
  const count = random.whole(...behaviours[group].likedCategories)
  const start = random.whole(0, categories.length - 1)
  return Array.from({ length: count }, (_, offset) => categories[(start + offset) % categories.length]!)
}
