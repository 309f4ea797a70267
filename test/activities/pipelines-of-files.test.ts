import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PipelineBench } from './pipeline-bench.ts'
import { runPipeline, type Ran } from './run-pipeline.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/**
 * The pipelines of test/pipelines up to their features. "Published" values stand in papers and notes on the set; "recounted" ones were
 * computed from the files with pandas or plain Python.
 */
describe.skipIf(!existsSync(DATA))('pipelines over public files', () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  const run = (pipeline: string, asOf: string): Promise<Ran> => runPipeline(bench, pipeline, asOf)

  it('CDNOW: the published customers and purchases; two purchases of a day are one order', async () => {
    const cdnow = await run('cdnow_file', '1998-07-01')
    // Published: 69,659 transactions of 23,570 customers. Recounted: 167,881 CDs, 2,500,315.63 USD, 2,068 rows beyond the first of a day.
    expect(cdnow.counts).toMatchObject([
      { stage: 'extract', rowsIn: 69_659, rowsOut: 69_659, rejected: 0 },
      { stage: 'cleanse', rowsIn: 69_659, rowsOut: 69_659, rejected: 0 },
      { stage: 'features', rowsIn: 69_659, rowsOut: 23_570, rejected: 0 },
    ])
    expect(await cdnow.row('clean', 'sum(quantity)::INTEGER AS cds, sum(amount)::VARCHAR AS usd')).toEqual({
      cds: 167_881,
      usd: '2500315.6300',
    })
    expect(
      await cdnow.row(
        'features',
        'sum(frequency)::INTEGER AS orders, round(sum(monetary), 2) AS usd, max(tenure) < 546 AS within',
      ),
    ).toEqual({ orders: 69_659 - 2_068, usd: 2_500_315.63, within: true })
  })

  it('Superstore: semicolons, decimal commas and Windows-1252 give the published sales', async () => {
    const superstore = await run('superstore', '2018-02-01')
    // Published: 9,994 rows, 793 customers, 2,297,200.86 USD, 37,873 units. Recounted: 278 lines with a product beyond ASCII.
    expect(superstore.counts.map(({ rowsOut, rejected }) => [rowsOut, rejected])).toEqual([
      [9_994, 0],
      [9_994, 0],
      [793, 0],
    ])
    const names = "count(*) FILTER (regexp_matches(product, '[^\\x00-\\x7F]'))"
    expect(
      await superstore.row(
        'clean',
        `sum(amount)::VARCHAR AS sales, sum(quantity)::INTEGER AS units, ${names} AS names`,
      ),
    ).toEqual({ sales: '2297200.8603', units: 37_873, names: 278 })
    expect(
      await superstore.rows(
        'clean',
        'SELECT category, round(sum(amount), 2)::VARCHAR AS sales FROM rows GROUP BY category ORDER BY 1',
      ),
    ).toEqual([
      { category: 'Furniture', sales: '741999.80' },
      { category: 'Office Supplies', sales: '719047.03' },
      { category: 'Technology', sales: '836154.03' },
    ])
    const shares = ['Furniture', 'Office Supplies', 'Technology', 'other'].map((level) => `"categoryShares:${level}"`)
    expect(
      await superstore.row(
        'features',
        `round(sum(monetary), 2) AS sales, count(*) FILTER (abs(${shares.join(' + ')} - 1) > 1e-9) AS uneven`,
      ),
    ).toEqual({ sales: 2_297_200.86, uneven: 0 })
  })

  it('Complete Journey: eight tables, joined; campaigns and their answers by household', async () => {
    const journey = await run('complete_journey', '2018-01-01')
    // Published: rows of the eight tables. Recounted: 2,377 households, 233,935.24 USD, 416 lines of quantity 0, 222 of unknown products.
    const { summary } = await bench.manifest(journey.definition, journey.raw)
    const [lines] = summary.sources as { lookups: unknown }[]
    expect(summary.sources).toMatchObject([
      { source: 'journey_lines', role: 'transactions', rowsRead: 75_000, rowsBeforeAsOf: 75_000 },
      { source: 'journey_households', role: 'customers', rowsRead: 801, lookAhead: true },
      { source: 'journey_campaigns', role: 'touches', rowsRead: 6_589, lookups: [{ unmatched: 0 }] },
      { source: 'journey_redemptions', role: 'touches', rowsRead: 2_102, lookups: [{ unmatched: 0 }] },
    ])
    expect(lines!.lookups).toEqual([
      { source: 'journey_products', unmatched: 222 },
      { source: 'journey_promotions', unmatched: 74_856 },
      { source: 'journey_coupons', unmatched: 31_118 },
    ])
    expect(
      await journey.row(
        'raw',
        `count(DISTINCT customer_id) AS households, count(DISTINCT order_id) AS baskets, count(DISTINCT product) AS products,
         count(DISTINCT store) AS stores, sum(amount)::VARCHAR AS sales, sum(discount)::VARCHAR AS discount,
         count(*) FILTER (has_coupon IS NULL) AS without_coupon, count(*) FILTER (occurred_at::DATE != ${local}::DATE) AS other_day`,
      ),
    ).toEqual({
      households: 2_377,
      baskets: 47_243,
      products: 20_902,
      stores: 293,
      sales: '233935.2400',
      discount: '41779.7200',
      without_coupon: 31_118,
      // Another calendar date in UTC than in America/New_York.
      other_day: 12_699,
    })
    expect(
      await journey.rows(
        'raw',
        `SELECT channel, count(*) AS redemptions, count(DISTINCT customer_id) AS households FROM rows WHERE responded
         GROUP BY channel ORDER BY channel`,
        'touches',
      ),
    ).toEqual([
      { channel: 'Type A', redemptions: 1_718, households: 371 },
      { channel: 'Type B', redemptions: 323, households: 116 },
      { channel: 'Type C', redemptions: 61, households: 30 },
    ])
    // Recounted: 74,584 lines with a quantity, 2,373 households, two contacts of households without such a line.
    expect(journey.counts[1]).toEqual({ stage: 'cleanse', rowsIn: 75_000, rowsOut: 74_584, rejected: 416 })
    expect(await journey.row('clean', 'count(*) AS contacts', 'touches')).toEqual({ contacts: 6_587 + 2_102 })
    expect(await journey.row('clean', 'count(*) AS strangers', 'rejects_touches')).toEqual({ strangers: 2 })
    expect(
      await journey.row(
        'features',
        `count(*) AS households, sum(frequency)::INTEGER AS baskets, round(sum(monetary), 2) AS sales, sum(stores)::INTEGER AS stores,
         count("incomeBand") AS with_income, count("ageBand") AS with_age, sum("campaignCount")::INTEGER AS campaigns,
         count(*) FILTER ("campaignCount" > 0) AS contacted, count(*) FILTER ("responseRate" > 0) AS redeemed,
         round(sum("campaignCount" * "responseRate"))::INTEGER AS answers`,
      ),
    ).toEqual({
      households: 2_373,
      baskets: 47_034,
      sales: 233_935.24,
      stores: 6_342,
      with_income: 801,
      with_age: 801,
      campaigns: 6_587,
      contacted: 1_557,
      redeemed: 410,
      answers: 792,
    })
  })

  it('Telco: customers alone; a blank among the charges is no value', async () => {
    const telco = await run('telco', '2026-01-01')
    // Published: 7,043 customers, 11 blank TotalCharges, mean MonthlyCharges 64.76, 1,869 churned. Recounted: customers by contract.
    expect(telco.counts.map(({ rowsOut, rejected }) => [rowsOut, rejected])).toEqual(Array(3).fill([7_043, 0]))
    expect(
      await telco.row(
        'features',
        'count(*) - count("totalCharges") AS blank, round(avg("monthlyCharges"), 2) AS mean, min(months) AS shortest, max(months) AS longest',
      ),
    ).toEqual({ blank: 11, mean: 64.76, shortest: 0, longest: 72 })
    expect(
      await telco.rows(
        'features',
        'SELECT contract, count(*) AS customers FROM rows GROUP BY contract ORDER BY contract',
      ),
    ).toEqual([
      { contract: 'Month-to-month', customers: 3_875 },
      { contract: 'One year', customers: 1_473 },
      { contract: 'Two year', customers: 1_695 },
    ])
    expect(await telco.row('clean', "count(*) FILTER (churn = 'Yes') AS churned")).toEqual({ churned: 1_869 })
  })

  it('Olist: payments of another program’s Parquet, the largest of each order', async () => {
    const olist = await run('olist_payments', '2026-01-01')
    // Published: 103,886 rows, 99,440 orders, 16,008,872.12 BRL. Recounted: kinds of payment, 9 payments of 0.
    expect(olist.counts[1]).toEqual({ stage: 'cleanse', rowsIn: 103_886, rowsOut: 99_440, rejected: 103_886 - 99_440 })
    expect(
      await olist.row(
        'raw',
        'sum(paid)::VARCHAR AS paid, count(*) FILTER (paid = 0) AS free, count(DISTINCT customer_id) AS orders',
      ),
    ).toEqual({ paid: '16008872.1200', free: 9, orders: 99_440 })
    expect(
      await olist.rows(
        'raw',
        'SELECT payment_type, count(*) AS payments FROM rows GROUP BY payment_type ORDER BY payments DESC',
      ),
    ).toEqual([
      { payment_type: 'credit_card', payments: 76_795 },
      { payment_type: 'boleto', payments: 19_784 },
      { payment_type: 'voucher', payments: 5_775 },
      { payment_type: 'debit_card', payments: 1_529 },
      { payment_type: 'not_defined', payments: 3 },
    ])
    expect(await olist.row('features', 'count(*) AS orders')).toEqual({ orders: 99_440 })
  })

  it('shop events: visits by a gap of 30 minutes, and users who paid', async () => {
    const shop = await run('shop_events', '2020-05-01')
    // Recounted: 35,381 clicks of 3,751 users, 6,454 visits, 706 payments by 653 users.
    expect(shop.counts.map(({ rowsIn, rowsOut, rejected }) => [rowsIn, rowsOut, rejected])).toEqual([
      [35_381, 3_751, 0],
      [3_751, 3_751, 0],
      [3_751, 3_751, 0],
    ])
    expect(await shop.row('clean', 'count(*) AS clicks', 'events')).toEqual({ clicks: 35_381 })
    expect(
      await shop.row(
        'features',
        `count(*) AS users, sum(sessions)::INTEGER AS visits, sum(payments)::INTEGER AS payments, count(*) FILTER (payments > 0) AS payers,
         round(sum("eventsPerSession" * sessions))::INTEGER AS clicks, sum("catalogViews")::INTEGER AS catalog`,
      ),
    ).toEqual({ users: 3_751, visits: 6_454, payments: 706, payers: 653, clicks: 35_381, catalog: 14_518 })
  })

  it('Online Retail: the published clean lines, and the spend and invoices of its 4,338 customers', async () => {
    const retail = await run('online_retail', '2011-12-10')
    // Published: 392,692 clean lines without duplicates, 4,338 customers, 18,532 invoices. Recounted: 8,887,208.894 GBP.
    expect(retail.counts).toMatchObject([
      { stage: 'extract', rowsIn: 541_909, rowsOut: 541_909, rejected: 0 },
      { stage: 'cleanse', rowsIn: 541_909, rowsOut: 392_692, rejected: 541_909 - 392_692 },
      { stage: 'features', rowsIn: 392_692, rowsOut: 4_338, rejected: 0 },
    ])
    expect(
      await retail.row(
        'features',
        `sum(frequency)::INTEGER AS invoices, round(sum(monetary), 3) AS spend, median(frequency) AS median, count(*) FILTER (frequency = 1) AS once`,
      ),
    ).toEqual({ invoices: 18_532, spend: 8_887_208.894, median: 2, once: 1_493 })
  })
})

const local = "(occurred_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York')"
