import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFileReader } from '../../../src/adapters/file-source/file-reader.ts'
import type { SourceReader } from '../../../src/ports/source-reader.ts'
import type { Source } from '../../../src/stages/extract/config.ts'
import { engine, fileSource, readAllOf } from './read-file.ts'

const data = resolve(import.meta.dirname, '../../../../shared/data')

// Expected values: the check values of the data's own README, which were counted by other programs.
describe.skipIf(!existsSync(data))('files that other people made', () => {
  let folder: string
  const reader: SourceReader = makeFileReader({ engine, projectFolder: data })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resegment-real-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const read = async (given: Source, sql: string): Promise<Record<string, unknown>> => {
    const { rows, unreadableCount, deliveredRows } = await readAllOf(reader, folder, given, { sql })
    expect(unreadableCount).toBe(0)
    return { ...(rows[0] as Record<string, unknown>), deliveredRows }
  }

  it('Superstore: Windows-1252, semicolons, decimal comma, CR LF, quoted fields', async () => {
    const given = fileSource('superstore_reduced/superstore_reduced.csv.gz', {
      encoding: 'windows-1252',
      delimiter: ';',
    })
    const sql = `SELECT count(*) AS n, sum(CAST(replace("Sales", ',', '.') AS DECIMAL(18, 4))) AS sales, sum(CAST("Quantity" AS INTEGER)) AS units,
      count(DISTINCT "Customer Name") AS customers, count(DISTINCT "Product Name") FILTER (regexp_matches("Product Name", '[^\\x00-\\x7F]')) AS beyond`
    expect(await read(given, sql)).toMatchObject({ n: 9994, sales: 2_297_200.8603, units: 37_873, customers: 793 })
  })

  it('Superstore read as UTF-8: every line that is not, by its number', async () => {
    const given = fileSource('superstore_reduced/superstore_reduced.csv.gz', { delimiter: ';' })
    const { rows, unreadable, deliveredRows } = await readAllOf(reader, folder, given)
    expect(rows.length + unreadable.length).toBe(9994)
    expect(rows).toHaveLength(deliveredRows!)
    expect(unreadable.length).toBeGreaterThan(0)
    expect(new Set(unreadable.map((row) => row.problem))).toEqual(new Set(['holds bytes that are no utf-8']))
  })

  it('Olist payments: Parquet of another program', async () => {
    const sql =
      'SELECT count(*) AS n, count(DISTINCT order_id) AS orders, sum(CAST(payment_value AS DECIMAL(18, 2))) AS paid'
    expect(await read(fileSource('olist_b2b/olist_order_payments_dataset.parquet'), sql)).toEqual({
      n: 103_886,
      orders: 99_440,
      paid: 16_008_872.12,
      deliveredRows: 103_886,
    })
  })

  it('Complete Journey: a folder of zipped files', async () => {
    const sql =
      'SELECT count(*) AS n, count(DISTINCT household_id) AS households, count(DISTINCT basket_id) AS baskets, sum(CAST(sales_value AS DECIMAL(18, 2))) AS sales'
    expect(await read(fileSource('complete_journey/transactions_sample.csv.gz'), sql)).toMatchObject({
      n: 75_000,
      households: 2377,
      baskets: 47_243,
      sales: 233_935.24,
    })
    for (const [file, count] of Object.entries({ products: 92_331, promotions_sample: 360_535, demographics: 801 }))
      expect((await read(fileSource(`complete_journey/${file}.csv.gz`), 'SELECT count(*) AS n')).n).toBe(count)
  })

  it('Telco: a blank for no value', async () => {
    const sql =
      'SELECT count(*) AS n, count(*) FILTER ("TotalCharges" IS NULL) AS blank, count(*) FILTER ("Churn" = \'Yes\') AS churned'
    expect(await read(fileSource('telco_churn/telco_customer_churn.csv.gz', { nulls: [' '] }), sql)).toMatchObject({
      n: 7043,
      blank: 11,
      churned: 1869,
    })
  })

  it('shop events', async () => {
    const sql = `SELECT count(*) AS n, count(DISTINCT user_id) AS users, count(*) FILTER (event = 'payment_done') AS paid`
    expect(await read(fileSource('simple_shop_events/simple_onlineshop.csv.gz'), sql)).toMatchObject({
      n: 35_381,
      users: 3751,
      paid: 706,
    })
  })

  it('CDNOW: columns aligned with blanks, with and without a header', async () => {
    const sql =
      'SELECT count(*) AS n, count(DISTINCT customer_id) AS customers, sum(CAST(number_of_cds AS INTEGER)) AS cds, sum(CAST(dollar_value AS DECIMAL(18, 2))) AS usd'
    expect(await read(fileSource('cdnow/CDNOW_master.txt.gz', { delimiter: ' ' }), sql)).toMatchObject({
      n: 69_659,
      customers: 23_570,
      cds: 167_881,
      usd: 2_500_315.63,
    })
    const header = ['master_id', 'customer_id', 'date', 'number_of_cds', 'dollar_value']
    expect(await read(fileSource('cdnow/CDNOW_sample.txt.gz', { delimiter: ' ', header }), sql)).toMatchObject({
      n: 6919,
      customers: 2357,
      cds: 16_479,
      usd: 244_091.94,
    })
  })

  it('Online Retail and Wholesale, with quotes where needed and a mark in front', async () => {
    expect((await read(fileSource('online_retail/online_retail_2010_2011.csv.gz'), 'SELECT count(*) AS n')).n).toBe(
      541_909,
    )
    expect(
      await read(fileSource('wholesale_customers/wholesale_customers.csv'), 'SELECT count("Channel") AS n'),
    ).toMatchObject({ n: 440 })
  })

  it('cookie_cats: a first column without a name', async () => {
    const columns = await reader.describe(fileSource('cookie_cats/cookie_cats.csv.gz'), 'players')
    expect(Object.keys(columns).slice(0, 2)).toEqual(['column1', 'userid'])
  })
})
