import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestProject } from './project.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const file = (name: string): string => join(DATA, name)

/** A folder with nothing in it but what `init` writes, seen through a target of the test. */
async function initialised(target: string, args: readonly string[]): Promise<TestProject> {
  const project = await TestProject.open(target, {})
  const { code, stdout, stderr } = await project.cli(['init', '--yes', ...args])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  const line = `  ${target}: { schema: segmentation_${target}, prefix: ${target}/, embedded: true }\n`
  project.write('resegment.yaml', project.read('resegment.yaml').replace('targets:\n', `targets:\n${line}`))
  const checked = await project.cli(['check', '--connect'])
  expect(checked.code, `${checked.stdout}\n${checked.stderr}`).toBe(0)
  return project
}

async function customersOf(project: TestProject): Promise<number> {
  const [row] = await project.sql<{ n: number }>('select count(*)::int as n from customer_segments')
  return row!.n
}

describe.skipIf(!existsSync(DATA))('a project that init wrote from the data alone runs to its publication', () => {
  let project: TestProject | undefined
  afterAll(() => project?.close())

  it('for Online Retail: a zipped CSV of lines with quantity and price, and cancellations', async () => {
    project = await initialised('initretail', [
      '--from',
      file('online_retail/online_retail_2010_2011.csv.gz'),
      '--name',
      'retail',
    ])
    expect(project.read('pipelines/retail.yaml')).toContain(
      "{ rule: cancellations, when: { sql: order_id like 'C%' }, do: net }",
    )
    const { status } = await project.run(['retail', '--as-of', '2011-12-10', '--embedded'])
    expect(status).toBe('published')
    // 4,372 customers in the file, 4,338 with a line that is no cancellation (both published).
    expect(await customersOf(project)).toBeGreaterThanOrEqual(4_338)
    await project.close()
  })

  it('for CDNOW: columns aligned by blanks, days as figures, no order numbers', async () => {
    project = await initialised('initcdnow', [
      '--from',
      file('cdnow/CDNOW_master.txt.gz'),
      '--name',
      'cdnow',
      '--objective',
      'growth',
    ])
    const { status, stages } = await project.run(['cdnow', '--as-of', '1998-07-01', '--embedded'])
    expect(status).toBe('published')
    // Published: 69,659 transactions of 23,570 customers.
    expect(stages[0]!.rowsOut).toBe(69_659)
    expect(await customersOf(project)).toBe(23_570)
    await project.close()
  })
})

describe.skipIf(!existsSync(DATA))('a project that init wrote from tables', () => {
  beforeAll(async () => {
    const project = await TestProject.open('initload', {})
    await loadNorthwind(project.variables.WAREHOUSE_URL!)
    await project.close()
  })

  it('joins the orders, lines and products of Northwind, and publishes every customer who ordered', async () => {
    const tables = ['orders', 'order_details', 'products', 'customers'].map((table) => `northwind.${table}`)
    const project = await initialised('initnorthwind', ['--from', ...tables, '--name', 'trade', '--objective', 'value'])
    try {
      const { status, stages } = await project.run(['trade', '--as-of', '1998-05-07', '--embedded'])
      expect(status).toBe('published')
      expect(stages[0]!.rowsOut).toBe(2_155)
      // 91 customers, 2 of them without an order.
      expect(await customersOf(project)).toBe(89)
    } finally {
      await project.close()
    }
  })
})

describe.skipIf(!existsSync(DATA))('a project that init wrote for Complete Journey', () => {
  it('joins all eight tables, campaigns and redemptions among them, and publishes all households', async () => {
    const lists = ['campaign_descriptions', 'campaigns', 'coupon_redemptions', 'coupons', 'promotions_sample']
    const files = [...lists, 'demographics', 'products', 'transactions_sample'].map((name) =>
      file(`complete_journey/${name}.csv.gz`),
    )
    const project = await initialised('initjourney', ['--from', ...files, '--name', 'journey', '--objective', 'value'])
    try {
      const { status, stages } = await project.run(['journey', '--as-of', '2018-01-02', '--embedded'])
      expect(status).toBe('published')
      expect(stages[0]!.rowsOut).toBe(75_000)
      expect(await customersOf(project)).toBe(2_377)
    } finally {
      await project.close()
    }
  })
})

/** The dump in a schema of its own. */
async function loadNorthwind(connectionString: string): Promise<void> {
  const dump = gunzipSync(readFileSync(file('northwind/northwind.sql.gz'))).toString()
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('drop schema if exists northwind cascade; create schema northwind; set search_path to northwind')
    await client.query(dump.replace('SET default_with_oids = false;', '').replaceAll(/^SET search_path.*$/gm, ''))
  } finally {
    await client.end()
  }
}
