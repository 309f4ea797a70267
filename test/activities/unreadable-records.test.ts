import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCleanseActivities } from '../../src/activities/cleanse.ts'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import type { DataQualityRow } from '../../src/stages/cleanse/data-quality.ts'
import { PipelineBench } from './pipeline-bench.ts'

let bench: PipelineBench
beforeAll(async () => {
  bench = await PipelineBench.open()
})
afterAll(() => bench.close())

const PROJECT = `
connections: { warehouse: { postgres: { secret: WAREHOUSE_URL } } }
targets: { dev: { schema: segmentation_dev, prefix: dev/ } }
sources:
  lines:
    from: { file: lines.csv }
    columns: { customer_id: customer, occurred_at: at, order_id: order, amount: amount }
    unreadable: { do: quarantine, maxShare: 0.5 }
  people: { from: { file: people.csv }, columns: { customer_id: id } }
  optouts: { from: { file: optouts.csv }, columns: { customer_id: id }, unreadable: { do: quarantine, maxShare: 0.5 } }
`
const PIPELINE = `
pipeline: shop
schedule: { refit: quarter }
extract: { transactions: lines, customers: people, exclusions: optouts }
features: [recency, monetary]
cluster: { count: 2 }
publish: { warehouse: warehouse }
`

it('shows records that are no rows in the quality of data, a row a source, and counts them among the rows read', async () => {
  const folder = join(bench.folder, 'project')
  mkdirSync(join(folder, 'pipelines'), { recursive: true })
  const write = (name: string, ...lines: readonly string[]): void => writeFileSync(join(folder, name), lines.join('\n'))
  write('resegment.yaml', PROJECT)
  write('pipelines/shop.yaml', PIPELINE)
  const good = ['a', 'b', 'c', 'd', 'd'].map((customer, index) => `${customer},2026-01-0${index + 1},${index},5`)
  write('lines.csv', 'customer,at,order,amount', ...good, 'short,2026-01-01', 'x')
  write('people.csv', 'id', 'a', 'b')
  write('optouts.csv', 'id,why', 'd,asked', 'e')
  const definition = loadDefinition(folder, 'shop', 'dev')
  const plan = bench.plan(definition, '2026-10-01')
  const { ref, shardCount } = await bench.extract(plan)
  const cleanse = makeCleanseActivities(bench.services)
  await bench.act(() => cleanse.cleanseShard(plan, ref, 0, shardCount))
  const clean = await bench.act(() => cleanse.cleanseCustomers(plan, ref, shardCount))
  const { summary } = await bench.manifest(definition, clean.ref)
  // By hand: 7 records of lines, 2 of them short; 2 of optouts, 1 of them short.
  expect(summary.sourceRows).toEqual({ lines: 7, people: 2, optouts: 2 })
  const found = (summary.dataQuality as readonly DataQualityRow[]).filter(({ rule }) => rule === 'unreadable')
  expect(found.map(({ role, source, matched, rowsIn, share }) => [role, source, matched, rowsIn, share])).toEqual([
    ['transactions', 'lines', 2, 7, 2 / 7],
    ['customers', 'people', 0, 2, 0],
    ['exclusions', 'optouts', 1, 2, 0.5],
  ])
  expect(found[0]).toMatchObject({ action: 'quarantine', rejected: 2, fixed: 0, column: null })
})
