import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useStack } from '../use-stack.ts'
import { PipelineBench } from './pipeline-bench.ts'
import { runPipeline } from './run-pipeline.ts'
import { hasSampleDatabases, loadSampleDatabase } from './sample-databases.ts'

if (!hasSampleDatabases()) console.warn('Skipped: the dumps of Northwind and Chinook are not beside the repository.')

/** Sums that both databases are known for; they were counted again in PostgreSQL 18 with psql. */
describe.skipIf(!hasSampleDatabases())('pipelines over tables of Postgres, joined by queries', () => {
  let bench: PipelineBench
  beforeAll(async () => {
    const { overrides } = await useStack()
    for (const name of ['northwind', 'chinook'] as const) await loadSampleDatabase(overrides.WAREHOUSE_URL!, name)
    bench = await PipelineBench.open(overrides)
  })
  afterAll(() => bench.close())

  it('Northwind: 830 orders, net and gross; customers without an order are there, with nothing spent', async () => {
    const northwind = await runPipeline(bench, 'northwind', '1998-06-01')
    expect(northwind.counts.map(({ rowsOut, rejected }) => [rowsOut, rejected])).toEqual([
      [2_155, 0],
      [2_155, 0],
      [91, 0],
    ])
    expect(
      await northwind.row(
        'raw',
        'count(DISTINCT order_id) AS orders, round(sum(amount), 2)::VARCHAR AS net, round(sum(amount + discount), 2)::VARCHAR AS gross',
      ),
    ).toEqual({ orders: 830, net: '1265793.04', gross: '1354458.59' })
    expect(
      await northwind.rows(
        'features',
        'SELECT customer_id, round(monetary, 2) AS spent FROM rows ORDER BY monetary DESC LIMIT 3',
      ),
    ).toEqual([
      { customer_id: 'QUICK', spent: 110_277.31 },
      { customer_id: 'ERNSH', spent: 104_874.98 },
      { customer_id: 'SAVEA', spent: 104_361.95 },
    ])
    expect(
      await northwind.rows(
        'features',
        'SELECT customer_id, monetary, frequency, recency FROM rows WHERE frequency = 0 ORDER BY customer_id',
      ),
    ).toEqual([
      { customer_id: 'FISSA', monetary: 0, frequency: 0, recency: null },
      { customer_id: 'PARIS', monetary: 0, frequency: 0, recency: null },
    ])
  })

  it('Chinook: 412 invoices of 59 customers, and spend by country', async () => {
    const chinook = await runPipeline(bench, 'chinook', '2026-01-01')
    expect(chinook.counts.map(({ rowsOut, rejected }) => [rowsOut, rejected])).toEqual([
      [2_240, 0],
      [2_240, 0],
      [59, 0],
    ])
    expect(await chinook.row('raw', 'count(DISTINCT order_id) AS invoices, sum(amount)::VARCHAR AS total')).toEqual({
      invoices: 412,
      total: '2328.6000',
    })
    expect(
      await chinook.rows(
        'features',
        'SELECT country, count(*) AS customers, round(sum(monetary), 2) AS spent FROM rows GROUP BY country ORDER BY spent DESC LIMIT 3',
      ),
    ).toEqual([
      { country: 'USA', customers: 13, spent: 523.06 },
      { country: 'Canada', customers: 8, spent: 303.96 },
      { country: 'France', customers: 5, spent: 195.1 },
    ])
  })
})
