import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { customersOf, initialised } from './initialised-project.ts'
import { TestProject } from './project.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')

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

/** The dump in a schema of its own. */
async function loadNorthwind(connectionString: string): Promise<void> {
  const dump = gunzipSync(readFileSync(resolve(DATA, 'northwind/northwind.sql.gz'))).toString()
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('drop schema if exists northwind cascade; create schema northwind; set search_path to northwind')
    await client.query(dump.replace('SET default_with_oids = false;', '').replaceAll(/^SET search_path.*$/gm, ''))
  } finally {
    await client.end()
  }
}
