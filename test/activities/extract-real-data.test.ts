import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractBench, type ExtractCase } from './extract-bench.ts'

const file = resolve(import.meta.dirname, '../../../shared/data/online_retail/online_retail_2010_2011.csv.gz')
if (!existsSync(file)) console.warn(`Skipped: ${file} is not there (UCI "Online Retail").`)

/** Expected values: published for the set (Chen, Sain & Guo 2012 and notes on it), and recounted from the file with pandas. */
describe.skipIf(!existsSync(file))('extract of the Online Retail set', () => {
  let bench: ExtractBench
  beforeAll(async () => {
    bench = await ExtractBench.open()
  })
  afterAll(() => bench.close())

  const retail = (asOf: string, shards: number, threads: number): ExtractCase => ({
    asOf,
    threads,
    extract: { transactions: 'retail', shards },
    sources: {
      retail: {
        from: { file },
        columns: {
          customer_id: 'CustomerID',
          occurred_at: 'InvoiceDate',
          order_id: 'InvoiceNo',
          amount: { sql: 'Quantity * UnitPrice' },
          quantity: 'Quantity',
          unit_price: 'UnitPrice',
          product: 'StockCode',
          country: 'Country',
        },
        types: { Quantity: 'integer', UnitPrice: 'decimal' },
        timezone: 'Europe/London',
      },
    },
  })

  it('finds the published counts and sum, the same with 3 shards and 1 thread', async () => {
    const { ref, counts } = await bench.run(retail('2012-01-01T00:00:00Z', 1, 2))
    expect(counts).toMatchObject({ rowsIn: 541_909, rowsOut: 541_909 })
    expect(
      await bench.query(
        ref,
        `SELECT count(*) FILTER (WHERE customer_id IS NULL) AS without_customer, count(DISTINCT customer_id) AS customers,
                count(DISTINCT order_id) AS invoices, count(DISTINCT product) AS products, count(DISTINCT country) AS countries,
                count(*) FILTER (WHERE order_id LIKE 'C%') AS cancelled, count(*) FILTER (WHERE quantity < 0) AS negative,
                count(*) FILTER (WHERE unit_price = 0) AS free, CAST(sum(amount) AS VARCHAR) AS amount, count(type_faults) AS faults,
                min(occurred_at) AS first, max(occurred_at) AS last
         FROM raw`,
      ),
    ).toEqual([
      {
        without_customer: 135_080,
        customers: 4_372,
        invoices: 25_900,
        products: 4_070,
        countries: 38,
        cancelled: 9_288,
        negative: 10_624,
        free: 2_515,
        amount: '9747747.9340',
        faults: 0,
        // London keeps UTC in winter.
        first: '2010-12-01 08:26:00',
        last: '2011-12-09 12:50:00',
      },
    ])
    const other = await bench.run(retail('2012-01-01T00:00:00Z', 3, 1))
    expect(other.ref.contentDigest).toBe(ref.contentDigest)
  }, 180_000)
})
