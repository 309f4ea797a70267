import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { SourceLook } from '../../src/stages/extract/source-look.ts'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'resegment-connect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PROJECT = `connections:
  warehouse: { postgres: { secret: WAREHOUSE_URL } }
  crm: { postgres: { secret: SECRET_NOBODY_SET_URL } }
targets: { dev: { schema: segmentation_dev, prefix: dev/ } }
sources:
  order_lines:
    from: { file: lines.csv }
    columns:
      customer_id: customer
      occurred_at: ordered_at
      order_id: order_no
      amount: { sql: quantity * unit_price }
      quantity: quantity
    types: { quantity: integer, unit_price: decimal }
  people:
    from: { connection: crm, table: crm.people }
    columns: { customer_id: id, country: country }
    recordedAt: seen_at
`
const pipeline = (roles: string): string => `pipeline: shop
extract: { ${roles} }
cleanse: [{ rule: required }]
features: [recency, frequency]
publish: { warehouse: warehouse }
`
mkdirSync(join(folder, 'pipelines'))
writeFileSync(
  join(folder, 'lines.csv'),
  'customer,ordered_at,order_no,quantity,unit_price\n1,2024-01-01,o1,2,3.5\n2,01.02.2024,o2,two,3.5\n3,2024-01-03,o3\n4,2024-01-05 10:00,o4,2,3.5\n',
)

async function connect(project: string, roles: string, ...options: readonly string[]) {
  writeFileSync(join(folder, 'resegment.yaml'), project)
  writeFileSync(join(folder, 'pipelines/shop.yaml'), pipeline(roles))
  return runCli('check', '--connect', '--project', folder, ...options)
}

it('shows rows, columns with what uses them, freshness, and what does not fit with file and line', async () => {
  const { exitCode, stdout, stderr } = await connect(PROJECT, 'transactions: order_lines')
  expect(stderr).toBe('')
  expect(stdout.split('\n\n')[1]).toBe(`Source order_lines (transactions): lines.csv
  3 rows, newest occurred_at 2024-01-05 10:00:00 UTC
  Column      Type  Used by
  customer    text  customer_id
  ordered_at  text  occurred_at
  order_no    text  order_id
  quantity    text  amount, quantity
  unit_price  text  amount
  1 record unreadable, such as
    lines.csv:4: has 3 fields instead of 5
  Values that do not fit, in the first 3 rows:
    occurred_at: 1 value such as "99.99.9999" (lines.csv:3)
    quantity: 1 value such as "aaa" (lines.csv:3)
`)
  expect(exitCode).toBe(0)
})

it('ends with 1 when a source cannot be reached, and shows the others', async () => {
  const { exitCode, stdout } = await connect(PROJECT, 'transactions: order_lines, customers: people', '--json')
  expect(exitCode).toBe(1)
  const { ok, sources } = JSON.parse(stdout) as { ok: boolean; sources: SourceLook[] }
  expect(ok).toBe(false)
  expect(sources).toMatchObject([
    { source: 'order_lines', failure: null, rows: { count: 3, isAll: true } },
    { source: 'people', places: ['table crm.people of crm'], failure: { type: 'SecretMissing' } },
  ])
})

it('ends with 2 and names every key that the source cannot serve, with the name that was probably meant', async () => {
  const broken = PROJECT.replace('customer_id: customer', 'customer_id: custmer').replace(
    'sql: quantity',
    'sql: quantty',
  )
  const { exitCode, stdout } = await connect(broken, 'transactions: order_lines, customers: people', '--json')
  expect(exitCode).toBe(2)
  const [{ faults }] = (JSON.parse(stdout) as { sources: SourceLook[] }).sources as [SourceLook]
  expect(faults.map(({ key, what }) => [key, /Did you mean "\w+"\?/.exec(what)?.[0]])).toEqual([
    ['sources.order_lines.columns.customer_id', 'Did you mean "customer"?'],
    ['sources.order_lines.columns.amount', 'Did you mean "quantity"?'],
  ])
})

it('fits a screen of 100 columns', async () => {
  const long = PROJECT.replaceAll('order_lines', `order_lines_${'of_the_shop_'.repeat(3)}in_town`)
  const { stdout } = await connect(
    long.replace('custmer', 'x'),
    `transactions: order_lines_${'of_the_shop_'.repeat(3)}in_town, customers: people`,
  )
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
})
