import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { formatDate, lastQuarterDay } from './calendar.ts'
import { makeCatalogue } from './catalogue.ts'
import { orderLinesHeader, writeOrder } from './order-lines.ts'
import { drawCustomer, drawOrders, type DemoCustomer } from './orders.ts'
import { Random } from './random.ts'

export interface DemoShopOptions {
  /** Folder for the three files; made when absent, files in it are replaced. */
  readonly folder: string
  /** Same seed, same bytes. Default: 1. */
  readonly seed?: number
  /** Customers who order at least once. Default: 2000. */
  readonly customers?: number
  /** Stretches the time between orders, for benchmarks with fewer lines; the groups blur above 1. Default: 1. */
  readonly pace?: number
}

export interface DemoShop {
  readonly orderLinesPath: string
  readonly customersPath: string
  /** Which group each customer belongs to. No pipeline reads it. */
  readonly truthPath: string
  readonly customers: number
  readonly orders: number
}

const FIRST_ORDER_ID = 100_001
const CHUNK_CHARACTERS = 256 * 1024
const countries = ['DE', 'AT', 'CH', 'NL', 'FR'] as const
const countryWeights = [60, 14, 10, 9, 7]

/**
 * Writes a made-up household goods shop: `order_lines.csv.gz` from 2024-10-01 to 2026-09-30 in Europe/Berlin wall-clock time,
 * `customers.csv`, and `truth.csv` with the group each customer belongs to. Nobody in it is real.
 */
export async function writeDemoShop({
  folder,
  seed = 1,
  customers = 2000,
  pace = 1,
}: DemoShopOptions): Promise<DemoShop> {
  await mkdir(folder, { recursive: true })
  const shop = {
    orderLinesPath: join(folder, 'order_lines.csv.gz'),
    customersPath: join(folder, 'customers.csv'),
    truthPath: join(folder, 'truth.csv'),
  }
  // Node's gzip header carries no time and no name, so equal rows give equal bytes.
  const gzip = createGzip({ level: 4 })
  const packed = gzip.pipe(createWriteStream(shop.orderLinesPath))
  const lines = new ChunkedText(gzip, packed)
  const people = new ChunkedText(createWriteStream(shop.customersPath))
  const truth = new ChunkedText(createWriteStream(shop.truthPath))

  const random = new Random(seed)
  const shelf = makeCatalogue(random)
  let orderId = FIRST_ORDER_ID
  await lines.add(`${orderLinesHeader}\n`)
  await people.add('customer_id,country,signed_up_on,birth_year\n')
  await truth.add('customer_id,group,group_after_drift\n')
  for (let number = 1; number <= customers; number += 1) {
    const customerId = `K${String(number).padStart(6, '0')}`
    const customer = drawCustomer(random)
    await people.add(`${customerId},${describePerson(random, customer)}\n`)
    await truth.add(`${customerId},${describeTruth(customer)}\n`)
    let text = ''
    for (const order of drawOrders(random, shelf, customer, pace)) {
      text += writeOrder(random, orderId, customerId, order)
      orderId += 1
    }
    await lines.add(text)
  }
  await Promise.all([lines.end(), people.end(), truth.end()])
  return { ...shop, customers, orders: orderId - FIRST_ORDER_ID }
}

function describePerson(random: Random, { firstDay }: DemoCustomer): string {
  const country = countries[random.weighted(countryWeights)]!
  const signedUpDay = firstDay - (random.chance(0.5) ? 0 : random.whole(1, 300))
  return `${country},${formatDate(signedUpDay)},${random.whole(1946, 2006)}`
}

/** Group at 2026-07-01 (empty: has not ordered yet) and at 2026-10-01. */
function describeTruth({ group, drifts, firstDay }: DemoCustomer): string {
  return `${firstDay >= lastQuarterDay ? '' : group},${drifts ? 'regulars' : group}`
}

/** Collects small texts into large writes and waits when the stream is full. */
class ChunkedText {
  private readonly stream: Writable
  private readonly last: Writable
  private text = ''

  /** @param last what ends last when `stream` is piped on */
  constructor(stream: Writable, last: Writable = stream) {
    this.stream = stream
    this.last = last
  }

  async add(text: string): Promise<void> {
    this.text += text
    if (this.text.length < CHUNK_CHARACTERS) return
    const chunk = this.text
    this.text = ''
    if (!this.stream.write(chunk)) await once(this.stream, 'drain')
  }

  async end(): Promise<void> {
    this.stream.end(this.text)
    await finished(this.last)
  }
}
