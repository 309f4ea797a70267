import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Objective } from '../../src/init/choose-pipeline.ts'
import { noCorrections } from '../../src/init/corrections.ts'
import { useStack } from '../use-stack.ts'
import { initialise, told } from './initialise.ts'
import { PipelineBench } from './pipeline-bench.ts'
import { hasSampleDatabases, loadSampleDatabase } from './sample-databases.ts'

if (!hasSampleDatabases()) console.warn('Skipped: the dumps of Northwind and Chinook are not beside the repository.')

/** Roles by hand; counts as the databases are known for, see the pipelines over the same tables. */
describe.skipIf(!hasSampleDatabases())('a project guessed from all tables of a database runs to its features', () => {
  let bench: PipelineBench
  let variables: Readonly<Record<string, string>>
  beforeAll(async () => {
    variables = (await useStack()).overrides
    for (const name of ['northwind', 'chinook'] as const) await loadSampleDatabase(variables.WAREHOUSE_URL!, name)
    bench = await PipelineBench.open(variables)
  })
  afterAll(() => bench.close())

  async function run(tables: readonly string[], asOf: string, objective: Objective) {
    const folder = mkdtempSync(join(bench.folder, 'project-'))
    const { sources, definition } = await initialise(folder, tables, objective, noCorrections, variables)
    return {
      counts: (await bench.run(definition, asOf)).counts,
      told: told(sources),
      features: definition.pipeline.features,
    }
  }

  it('Northwind: details look up their order, their product, and the name of its category', async () => {
    const tables = [
      ...['categories', 'customer_customer_demo', 'customer_demographics', 'customers', 'employees'],
      ...['employee_territories', 'order_details', 'orders', 'products', 'region', 'shippers', 'suppliers'],
      ...['territories', 'us_states'],
    ]
    const northwind = await run(
      tables.map((table) => `northwind.${table}`),
      '1998-06-01',
      'value',
    )
    expect(northwind.told).toMatchObject({
      'order_details: transactions': {
        order_id: 'order_id',
        product: 'product_id',
        quantity: 'quantity',
        unit_price: 'unit_price',
        amount: 'quantity * unit_price * (1 - discount)',
        customer_id: 'of orders',
        occurred_at: 'of orders',
        category: 'of categories',
      },
      'orders: lookup': { order_id: 'order_id', customer_id: 'customer_id', occurred_at: 'order_date' },
      'products: lookup': { product: 'product_id', category_id: 'category_id' },
      'categories: lookup': { category_id: 'category_id', category: 'category_name' },
      'customers: customers': { customer_id: 'customer_id', country: 'country', city: 'city' },
      'customer_customer_demo: none': {},
      'employees: none': {},
      'suppliers: none': {},
    })
    expect(northwind.features).toContain('distinctCategories')
    // 2,155 lines; 91 customers, 2 of them without an order.
    expect(northwind.counts.map(({ rowsOut }) => rowsOut)).toEqual([2_155, 2_155, 89])
  })

  it('Chinook: lines rather than the totals of their invoices; a track is the product, its genre the category', async () => {
    const tables = [
      ...['album', 'artist', 'customer', 'employee', 'genre', 'invoice', 'invoice_line', 'media_type'],
      ...['playlist', 'playlist_track', 'track'],
    ]
    const chinook = await run(
      tables.map((table) => `chinook.${table}`),
      '2026-01-01',
      'growth',
    )
    expect(chinook.told).toMatchObject({
      'invoice_line: transactions': {
        order_id: 'invoice_id',
        product: 'track_id',
        quantity: 'quantity',
        unit_price: 'unit_price',
        amount: 'quantity * unit_price',
        customer_id: 'of invoice',
        occurred_at: 'of invoice',
        category: 'of genre',
      },
      'invoice: lookup': { order_id: 'invoice_id', customer_id: 'customer_id', occurred_at: 'invoice_date' },
      'track: lookup': { product: 'track_id', genre_id: 'genre_id' },
      'genre: lookup': { genre_id: 'genre_id', category: 'name' },
      'customer: customers': { customer_id: 'customer_id', country: 'country', city: 'city', region: 'state' },
      'employee: none': {},
    })
    expect(chinook.counts.map(({ rowsOut }) => rowsOut)).toEqual([2_240, 2_240, 59])
  })
})
