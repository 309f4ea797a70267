import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestProject } from './project.ts'

const TARGET = 'brokenoff'
const ROWS = 400_000
/** What the workers' connections to the source call themselves; other tests read from the same server. */
const READER = `reader_${TARGET}`

let project: TestProject
let readerUrl: string

beforeAll(async () => {
  project = await TestProject.open(TARGET, {
    'resegment.yaml': `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  shop: { postgres: { secret: SHOP_URL } }
  lake: { s3: { bucket: segments-${TARGET} } }
targets:
  dev: { schema: segmentation_${TARGET}_dev, prefix: ${TARGET}_dev/, embedded: true }
  ${TARGET}: { schema: segmentation_${TARGET}, prefix: ${TARGET}/, embedded: true }
sources:
  order_lines:
    from: { connection: shop, table: ${TARGET}.order_lines }
    columns: { customer_id: customer, occurred_at: at, order_id: number, amount: total, note: note }
  customers:
    from: { connection: shop, table: ${TARGET}.customers }
    columns: { customer_id: customer, country: country }
`,
    'pipelines/shop.yaml': `pipeline: shop
extract: { transactions: order_lines, customers: customers }
features: [recency, frequency, monetary, country]
cluster: { count: 3, starts: 1, seed: 7 }
publish: { warehouse: warehouse, s3: lake }
`,
  })
  await project.sql(`create schema ${TARGET}`)
  await project.sql(
    `create table ${TARGET}.order_lines as
     select 'c' || i * 7919 % 503 as customer, timestamptz '2026-01-01' + i * interval '30 seconds' as at, 'o' || i / 2 as number,
       (i * 104729 % 10007)::numeric / 100 as total, repeat('x', 150) as note
     from generate_series(1::bigint, ${ROWS}) i`,
  )
  await project.sql(
    `create table ${TARGET}.customers as select 'c' || i as customer, 'country ' || i % 3 as country from generate_series(0, 502) i`,
  )
  const url = new URL(project.variables.WAREHOUSE_URL!)
  url.searchParams.set('application_name', READER)
  readerUrl = url.href
  const migrated = await project.cli(['migrate'], { SHOP_URL: readerUrl })
  expect(migrated.code, migrated.stderr).toBe(0)
  await project.startWorker({ SHOP_URL: readerUrl })
})
afterAll(() => project.close())

it('a run whose source ends the connection in the middle of an extract goes on by itself, with the rows of an undisturbed one', async () => {
  const undisturbed = await run('1')
  const killing = killOnce()
  const disturbed = await run('2')
  expect(await killing).toBeGreaterThan(0)
  expect([undisturbed.status, disturbed.status]).toEqual(['dry_run', 'dry_run'])
  const [extract] = disturbed.stages
  expect(extract).toMatchObject({ rowsIn: ROWS, rowsOut: ROWS, rejected: 0 })
  expect(extract!.inputHash).toBe(undisturbed.stages[0]!.inputHash)
  expect(disturbed.segments).toEqual(undisturbed.segments)
})

function run(revision: string) {
  return project.run(['shop', '--as-of', '2026-12-01', '--revision', revision, '--dry-run'])
}

/** Ends the server's side of the first reading of rows that is seen. @returns how many connections were ended */
async function killOnce(): Promise<number> {
  const client = new pg.Client({ connectionString: project.variables.WAREHOUSE_URL })
  await client.connect()
  try {
    for (let tries = 0; tries < 20_000; tries++) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = $1 and state = 'active' and query ilike 'copy%order_lines%' and query_start < clock_timestamp() - interval '20 ms'`,
        [READER],
      )
      if (rowCount) return rowCount
      await sleep(3)
    }
    return 0
  } finally {
    await client.end()
  }
}
