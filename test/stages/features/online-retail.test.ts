import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { hasOnlineRetail, onlineRetailFile, onlineRetailRaw } from '../cleanse/online-retail.ts'
import { openSession } from '../engine-session.ts'
import { featuresOf } from './feature-rows.ts'

const DAY_MS = 86_400_000
const asOfMs = Date.UTC(2011, 11, 10)
const london = { asOf: '2011-12-10T00:00:00Z', timezone: 'Europe/London' }

interface Line {
  readonly invoice: string
  readonly product: string
  readonly ms: number
  readonly amount: number
}

/** The file's lines of one customer, read with nothing of ours: counted from the end, because descriptions hold commas. */
function linesOf(csv: readonly string[], customer: string): readonly Line[] {
  return csv.flatMap((text) => {
    const fields = text.split(',')
    const [quantity, date, price, id] = fields.slice(-5, -1)
    if (id !== customer) return []
    const wallClockMs = Date.parse(`${date!.replace(' ', 'T')}Z`)
    // Summer time in 2011: 27 March, 01:00 UTC to 30 October, 01:00 UTC.
    const isSummer = wallClockMs >= Date.UTC(2011, 2, 27, 2) && wallClockMs < Date.UTC(2011, 9, 30, 2)
    return [
      {
        invoice: fields[0]!,
        product: fields[1]!,
        ms: isSummer ? wallClockMs - 3_600_000 : wallClockMs,
        amount: Number(quantity) * Number(price),
      },
    ]
  })
}

/** The features from their definitions, in floats, line by line. */
function byHand(lines: readonly Line[]): Record<string, number | null> {
  const bought = lines.filter((line) => !line.invoice.startsWith('C') && line.amount >= 0)
  const sum = (some: readonly Line[]): number => some.reduce((total, line) => total + line.amount, 0)
  const orders = new Map<string, number>()
  for (const { invoice, ms } of bought) orders.set(invoice, Math.min(ms, orders.get(invoice) ?? Infinity))
  const instants = [...new Set(orders.values())].sort((a, b) => a - b)
  const gaps = instants.slice(1).map((ms, index) => (ms - instants[index]!) / DAY_MS)
  const gapMean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length
  const squares = gaps.reduce((total, gap) => total + (gap - gapMean) ** 2, 0)
  // 90 calendar days before 10 December is 11 September, 180 is 13 June: both at midnight of British Summer Time.
  const recentMs = Date.UTC(2011, 8, 10, 23)
  const beforeMs = Date.UTC(2011, 5, 12, 23)
  return {
    recency: (asOfMs - instants.at(-1)!) / DAY_MS,
    frequency: orders.size,
    monetary: sum(lines),
    averageOrderValue: sum(bought) / orders.size,
    gapMean,
    gapDeviation: gaps.length < 2 ? null : Math.sqrt(squares / (gaps.length - 1)),
    tenure: (asOfMs - instants[0]!) / DAY_MS,
    distinctProducts: new Set(bought.map(({ product }) => product)).size,
    trend:
      sum(lines.filter(({ ms }) => ms >= recentMs)) - sum(lines.filter(({ ms }) => ms >= beforeMs && ms < recentMs)),
  }
}

describe.skipIf(!hasOnlineRetail)('features of UCI Online Retail at 2011-12-10, London', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  let csv: readonly string[]
  const names = [
    'recency',
    'frequency',
    'monetary',
    'averageOrderValue',
    'gapMean',
    'gapDeviation',
    'tenure',
    'distinctProducts',
    'trend',
  ]

  beforeAll(async () => {
    csv = gunzipSync(readFileSync(onlineRetailFile)).toString('utf8').split('\n')
    ;({ session, close } = await openSession([onlineRetailFile]))
    await session.execute(`create table raw as ${onlineRetailRaw}`)
  }, 60_000)
  afterAll(async () => close())

  /** Cancelled lines (`C…`) as returns; the file gives them negative amounts. */
  async function clean(condition: string): Promise<void> {
    await session.execute(`
      create or replace table transactions as
      select *, order_id like 'C%' or amount < 0 as is_return
      from raw
      where customer_id is not null and ${condition}`)
  }

  // The figures beside the names: awk -F, over the file, `$(NF-1)==c { m += $(NF-4)*$(NF-2) }` and distinct invoices and stock codes without C….
  it.each([
    // A regular customer without a return.
    ['12347', { frequency: 7, monetary: 4310, distinctProducts: 103 }],
    // All orders within days, many in the same minute; one return later.
    ['17850', { frequency: 34, monetary: 5288.63, distinctProducts: 21 }],
    // The largest customer: 73 paid orders and a free one; 280,206.02 before returns.
    ['14646', { frequency: 74, monetary: 279_489.02, distinctProducts: 701 }],
  ])('are those computed line by line for customer %s', async (customer, known) => {
    await clean('true')
    const { query } = await featuresOf(session, names, london)
    const [row] = await session.rows(`select * exclude (bucket) from (${query}) where customer_id = '${customer}'`)
    const expected = byHand(linesOf(csv, customer))
    for (const name of names) expect(row![name], name).toBeCloseTo(expected[name]!, 6)
    expect(row).toMatchObject(known)
  })

  it('have the published means and medians on the clean lines', async () => {
    await clean("order_id not like 'C%' and quantity > 0 and unit_price > 0")
    const { query } = await featuresOf(session, ['frequency', 'monetary', 'recency', 'gapMean'], london)
    // From the data's README, computed with pandas: 4,338 customers; means 4.27 and 2,054.27; medians 2 and 674.48; 1,493 bought once. Of the
    // largest customer 280,206.02.
    const [figures] = await session.rows(`
      select count(*) as customers, round(avg(frequency), 2) as frequency, round(avg(monetary), 2) as monetary,
        median(frequency) as median_frequency, median(monetary) as median_monetary,
        count(*) filter (where frequency = 1) as bought_once, max(monetary) as largest
      from (${query})`)
    expect(figures).toEqual({
      customers: 4_338,
      frequency: 4.27,
      monetary: 2_054.27,
      median_frequency: 2,
      median_monetary: expect.closeTo(674.48, 1) as number,
      bought_once: 1_493,
      largest: 280_206.02,
    })
  })
})
