import { existsSync, mkdtempSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Objective } from '../../src/init/choose-pipeline.ts'
import { correctColumn, correctRole, noCorrections, type Corrections } from '../../src/init/corrections.ts'
import { guess, initialise, told } from './initialise.ts'
import { PipelineBench, type Row } from './pipeline-bench.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const file = (name: string): string => join(DATA, name)
if (!existsSync(DATA)) console.warn('Skipped: the public data sets are not beside the repository.')

/** Roles and columns by hand, from what the publishers say of their columns; counts as published or recounted. */
describe.skipIf(!existsSync(DATA))('a project guessed from public files runs to its features', () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  async function run(
    files: readonly string[],
    asOf: string,
    objective: Objective = 'retention',
    corrections: Corrections = noCorrections,
  ) {
    const folder = mkdtempSync(join(bench.folder, 'project-'))
    const { sources, definition } = await initialise(folder, files.map(file), objective, corrections)
    const { counts, features: artifact } = await bench.run(definition, asOf)
    const row = (figures: string): Promise<Row> => bench.row(definition, artifact, figures)
    return { counts, row, told: told(sources), features: definition.pipeline.features }
  }

  it('Online Retail: lines of invoices with quantity and price', async () => {
    const retail = await run(['online_retail/online_retail_2010_2011.csv.gz'], '2011-12-10')
    expect(retail.told).toEqual({
      'online_retail_2010_2011: transactions': {
        customer_id: 'CustomerID',
        order_id: 'InvoiceNo',
        occurred_at: 'InvoiceDate',
        quantity: 'Quantity',
        unit_price: 'UnitPrice',
        product: 'StockCode',
        amount: 'Quantity * UnitPrice',
      },
    })
    // Published: 541,909 rows, 4,338 customers of clean lines, 4,372 in all.
    expect(retail.counts[0]).toMatchObject({ rowsOut: 541_909 })
    expect(retail.counts[2]!.rowsOut).toBeGreaterThanOrEqual(4_338)
    expect(retail.counts[2]!.rowsOut).toBeLessThanOrEqual(4_372)
  })

  it('CDNOW: purchases without an order number, and the sample without a header', async () => {
    const cdnow = await run(['cdnow/CDNOW_master.txt.gz'], '1998-07-01', 'growth')
    expect(cdnow.told).toEqual({
      'cdnow_master: transactions': {
        customer_id: 'customer_id',
        occurred_at: 'date',
        amount: 'dollar_value',
        quantity: 'number_of_cds',
        order_id: `concat(customer_id, ' ', "date"[:10])`,
      },
    })
    expect(cdnow.counts.map(({ rowsOut }) => rowsOut)).toEqual([69_659, 69_659, 23_570])
    const sample = await run(['cdnow/CDNOW_sample.txt.gz'], '1998-07-01')
    expect(sample.told).toMatchObject({
      'cdnow_sample: transactions': { customer_id: 'column1', occurred_at: 'column3', amount: 'column5' },
    })
    expect(sample.counts.map(({ rowsOut }) => rowsOut)).toEqual([6_919, 6_919, 2_357])
  })

  it('Superstore: a name stands for the customer where there is no id', async () => {
    const superstore = await run(['superstore_reduced/superstore_reduced.csv.gz'], '2018-02-01', 'growth')
    expect(superstore.told).toEqual({
      'superstore_reduced: transactions': {
        customer_id: 'Customer Name',
        occurred_at: 'Ship Date',
        amount: 'Sales',
        quantity: 'Quantity',
        product: 'Product Name',
        category: 'Category',
        order_id: `concat("Customer Name", ' ', "Ship Date"[:10])`,
      },
    })
    // Published: 9,994 rows, 793 customers, 2,297,200.86 USD.
    expect(superstore.counts.map(({ rowsOut }) => rowsOut)).toEqual([9_994, 9_994, 793])
    expect(await superstore.row('round(sum(monetary), 2) AS sales')).toEqual({ sales: 2_297_200.86 })
  })

  it('Complete Journey: purchases, products, households, campaigns and redemptions out of eight tables', async () => {
    const tables = ['campaign_descriptions', 'campaigns', 'coupon_redemptions', 'coupons', 'demographics']
    const files = [...tables, 'products', 'promotions_sample', 'transactions_sample']
    const journey = await run(
      files.map((name) => `complete_journey/${name}.csv.gz`),
      '2018-01-02',
      'value',
    )
    expect(journey.told).toEqual({
      'transactions_sample: transactions': {
        customer_id: 'household_id',
        order_id: 'basket_id',
        occurred_at: 'transaction_timestamp',
        amount: 'sales_value',
        quantity: 'quantity',
        product: 'product_id',
        category: 'of products',
      },
      'products: lookup': { product: 'product_id', category: 'department' },
      'demographics: customers': {
        customer_id: 'household_id',
        income_band: 'income',
        age: 'age',
        home_ownership: 'home_ownership',
        marital_status: 'marital_status',
        household_size: 'household_size',
        household_comp: 'household_comp',
        kids_count: 'kids_count',
      },
      'campaigns: touches': {
        customer_id: 'household_id',
        campaign: 'campaign_id',
        occurred_at: 'of campaign_descriptions',
        channel: 'of campaign_descriptions',
      },
      'coupon_redemptions: touches': {
        customer_id: 'household_id',
        campaign: 'campaign_id',
        occurred_at: 'redemption_date',
        responded: 'true',
        channel: 'of campaign_descriptions',
      },
      'campaign_descriptions: lookup': {
        campaign: 'campaign_id',
        channel: 'campaign_type',
        occurred_at: 'start_date',
      },
      'coupons: none': {},
      'promotions_sample: none': {},
    })
    expect(journey.features).toEqual(expect.arrayContaining(['monetary', 'incomeBand', 'responseRate']))
    // Published: 75,000 lines. Recounted: 2,377 households; 801 with an income, 410 redeemed a coupon.
    expect(journey.counts[0]).toMatchObject({ rowsOut: 75_000 })
    expect(
      await journey.row(
        'count(*) AS households, count("incomeBand") AS incomes, count(*) FILTER ("responseRate" > 0) AS redeemed',
      ),
    ).toEqual({ households: 2_377, incomes: 801, redeemed: 410 })
  })

  it('Telco: customers alone, by numbers and by categories that do not repeat one another', async () => {
    const telco = await run(['telco_churn/telco_customer_churn.csv.gz'], '2026-01-01')
    expect(telco.told).toMatchObject({
      'telco_customer_churn: customers': {
        customer_id: 'customerID',
        gender: 'gender',
        contract: 'Contract',
        tenure: 'tenure',
        monthly_charges: 'MonthlyCharges',
        total_charges: 'TotalCharges',
        churn: 'Churn',
      },
    })
    expect(telco.features).toEqual(
      expect.arrayContaining([
        { numberAttribute: { column: 'tenure', as: 'tenure' } },
        { attribute: { column: 'contract', as: 'contract' } },
      ]),
    )
    // Whether they left is what one wants to know of segments, not what they are made of.
    expect(JSON.stringify(telco.features)).not.toContain('churn')
    // Published: 7,043 rows, 11 blank TotalCharges, mean MonthlyCharges 64.76.
    expect(telco.counts.map(({ rowsOut }) => rowsOut)).toEqual([7_043, 7_043, 7_043])
    expect(
      await telco.row('count(*) - count("totalCharges") AS blank, round(avg("monthlyCharges"), 2) AS mean'),
    ).toEqual({ blank: 11, mean: 64.76 })
  })

  it('shop events: users are those who clicked', async () => {
    const shop = await run(['simple_shop_events/simple_onlineshop.csv.gz'], '2020-05-01')
    expect(shop.told).toEqual({
      'simple_onlineshop_customers: customers': { customer_id: 'user_id' },
      'simple_onlineshop: events': { customer_id: 'user_id', event: 'event', occurred_at: 'timestamp' },
    })
    // Recounted: 35,381 clicks of 3,751 users, 6,454 visits.
    expect(await shop.row('count(*) AS users, sum(sessions)::INTEGER AS visits')).toEqual({
      users: 3_751,
      visits: 6_454,
    })
  })

  it('Olist payments: nobody is found until somebody says that an order stands for a customer', async () => {
    const name = 'olist_order_payments_dataset'
    const path = `olist_b2b/${name}.parquet`
    expect(await guess(bench.folder, [file(path)])).toMatchObject({
      role: 'customers',
      missing: ['customer_id'],
      nearest: { name },
    })
    const said = correctRole(correctColumn(noCorrections, name, 'customer_id', 'order_id'), name, 'customers')
    const olist = await run([path], '2026-01-01', 'retention', said)
    // Published: 103,886 payments of 99,440 orders.
    expect(olist.counts.map(({ rowsOut }) => rowsOut)).toEqual([103_886, 99_440, 99_440])
  })

  it('Jaffle shop: `id` of the orders is the order, payments are what was bought', async () => {
    const shop = await run(
      ['customers', 'orders', 'payments'].map((name) => `jaffle_shop/raw_${name}.csv`),
      '2018-04-10',
    )
    expect(shop.told).toEqual({
      'raw_payments: transactions': {
        order_id: 'order_id',
        amount: 'amount',
        customer_id: 'of raw_orders',
        occurred_at: 'of raw_orders',
      },
      'raw_orders: lookup': { order_id: 'id', customer_id: 'user_id', occurred_at: 'order_date' },
      'raw_customers: none': {},
    })
    // Recounted: 113 payments; 62 customers have an order.
    expect(shop.counts[0]).toMatchObject({ rowsOut: 113 })
    expect(shop.counts[2]).toMatchObject({ rowsOut: 62 })
  })

  it('Mall and Cookie Cats: members and players with their attributes', async () => {
    const mall = await run(['mall_customers/Mall_Customers.csv'], '2026-01-01')
    expect(mall.told).toEqual({
      'mall_customers: customers': {
        customer_id: 'CustomerID',
        gender: 'Gender',
        income: 'Annual Income (k$)',
        age: 'Age',
        spending_score_1_100: 'Spending Score (1-100)',
      },
    })
    // Published means: age 38.85, income 60.56, score 50.20.
    expect(await mall.row('count(*) AS members, round(avg(age), 2) AS age, round(avg(income), 2) AS income')).toEqual({
      members: 200,
      age: 38.85,
      income: 60.56,
    })
    const cats = await run(['cookie_cats/cookie_cats.csv.gz'], '2026-01-01')
    expect(cats.told).toMatchObject({ 'cookie_cats: customers': { customer_id: 'userid', version: 'version' } })
    // Published: 44,700 and 45,489 players.
    expect(cats.counts[2]).toMatchObject({ rowsOut: 44_700 + 45_489 })
  })
})
