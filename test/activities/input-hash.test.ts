import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadDefinition } from '../../src/config/resolve-definition.ts'
import { PipelineBench } from './pipeline-bench.ts'

let bench: PipelineBench
beforeAll(async () => {
  bench = await PipelineBench.open()
})
afterAll(() => bench.close())

const project = (from: string): string => `
connections: { warehouse: { postgres: { secret: WAREHOUSE_URL } } }
targets: { dev: { schema: segmentation_dev, prefix: dev/ } }
sources:
  lines:
    from: ${from}
    columns: { customer_id: customer, occurred_at: at, order_id: order, amount: amount }
`
const pipeline = (features: string): string => `
pipeline: shop
schedule: { refit: quarter }
extract: { transactions: lines }
features: ${features}
cluster: { count: 2 }
publish: { warehouse: warehouse }
`
const [head, ...lines] = ['customer,at,order,amount', 'a,2026-01-01,1,5', 'b,2026-01-02,2,6', 'b,2026-10-02,3,7']

it('is the digest of the rows that count, so that changed inputs are told from changed code or definition', async () => {
  const folder = join(bench.folder, 'project')
  mkdirSync(join(folder, 'pipelines'), { recursive: true })
  const write = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content)
  let revision = 0
  const hashes = async (codeVersion = 'test') => {
    const definition = loadDefinition(folder, 'shop', 'dev')
    const plan = { ...bench.plan(definition, '2026-10-01', (revision += 1)), codeVersion }
    const { counts } = await bench.extract(plan)
    return { input: counts.inputHash, definition: plan.definitionHash, code: plan.codeVersion }
  }
  write('resegment.yaml', project('{ file: lines.csv }'))
  write('pipelines/shop.yaml', pipeline('[recency]'))
  write('lines.csv', [head, ...lines].join('\n'))
  const first = await hashes()

  // The code or the definition changed, the inputs did not.
  expect(await hashes('next')).toEqual({ ...first, code: 'next' })
  write('pipelines/shop.yaml', pipeline('[recency, monetary]'))
  const redefined = await hashes()
  expect(redefined.input).toBe(first.input)
  expect(redefined.definition).not.toBe(first.definition)

  // Other bytes, the same rows: another order, other quotes, compressed, under other names, and a row after the as-of.
  write('lines.csv', [head, ...lines.toReversed(), 'c,2026-11-01,4,8'].join('\r\n').replace('a,', '"a",'))
  expect((await hashes()).input).toBe(first.input)
  write('resegment.yaml', project('{ file: part-*.csv.gz }'))
  write('part-1.csv.gz', gzipSync([head, lines[1]].join('\n')))
  write('part-2.csv.gz', gzipSync([head, lines[0], lines[2]].join('\n')))
  const parted = await hashes()
  expect(parted.input).toBe(first.input)

  // The inputs changed, and nothing else: one amount, or one row twice.
  write('part-1.csv.gz', gzipSync([head, lines[1]!.replace(',6', ',6.01')].join('\n')))
  const changed = await hashes()
  expect(changed).toEqual({ ...parted, input: changed.input })
  expect(changed.input).not.toBe(first.input)
  write('part-1.csv.gz', gzipSync([head, lines[1], lines[1]].join('\n')))
  expect([first.input, changed.input]).not.toContain((await hashes()).input)
})
