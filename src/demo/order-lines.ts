import { dayCount, formatInstant } from './calendar.ts'
import type { DemoLine, DemoOrder } from './orders.ts'
import type { Random } from './random.ts'

export const orderLinesHeader = 'order_id,customer_id,ordered_at,sku,category,channel,quantity,unit_price'

/** Realistic dirt, as shares of lines (of orders for guests). */
const DUPLICATE_SHARE = 0.005
const CANCELLED_SHARE = 0.02
const GUEST_SHARE = 0.02
const UNREADABLE_SHARE = 0.001
const FREE_SHARE = 0.001
const OUTLIER_SHARE = 0.0001
const BLANKS_SHARE = 0.005
const LONGEST_RETURN_DAYS = 14

/** CSV lines of one order as the shop's database would export them, dirt included. */
export function writeOrder(random: Random, orderId: number, customerId: string, order: DemoOrder): string {
  const buyer = random.chance(GUEST_SHARE) ? '' : random.chance(BLANKS_SHARE) ? ` ${customerId} ` : customerId
  const orderedAt = formatInstant(order.day, order.second)
  let text = ''
  for (const line of order.lines) {
    const quantity = random.chance(OUTLIER_SHARE) ? random.whole(300, 900) : line.quantity
    const row = `${orderId},${buyer},${orderedAt},${goods(line, order)},${quantity},${price(random, line)}\n`
    text += random.chance(DUPLICATE_SHARE) ? row + row : row
    if (random.chance(CANCELLED_SHARE)) text += cancel(random, orderId, buyer, order, line)
  }
  return text
}

function cancel(random: Random, orderId: number, buyer: string, order: DemoOrder, line: DemoLine): string {
  const day = order.day + random.whole(0, LONGEST_RETURN_DAYS)
  if (day >= dayCount) return ''
  const cancelledAt = formatInstant(day, Math.min(order.second + 1800, 86_399))
  return `C${orderId},${buyer},${cancelledAt},${goods(line, order)},${-line.quantity},${money(line.priceCents)}\n`
}

function goods({ product }: DemoLine, order: DemoOrder): string {
  return `${product.sku},${product.category},${order.channel}`
}

function price(random: Random, line: DemoLine): string {
  if (random.chance(UNREADABLE_SHARE)) return 'n/a'
  return random.chance(FREE_SHARE) ? '0.00' : money(line.priceCents)
}

function money(cents: number): string {
  return (cents / 100).toFixed(2)
}
