import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline, shopProject } from './shop.ts'

const AS_OF = ['--as-of', '2026-10-01']
const MAX_LINES = 30

interface Mistake {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  /** Exit code as documented: 2 wrong definition, 1 failed run. */
  readonly code: number
  readonly says: readonly RegExp[]
}

const HEADER = 'order_id,customer_id,ordered_at,sku,category,channel,quantity,unit_price\n'
const line = (order: number, customer: string, day = '2026-05-01 10:00:00'): string =>
  `o${order},${customer},${day},s1,c1,web,1,10.00\n`

const MISTAKES: readonly Mistake[] = [
  {
    title: 'an unknown key',
    files: { 'pipelines/shop.yaml': shopPipeline().replace('owner:', 'ownr:') },
    code: 2,
    says: [/pipelines\/shop\.yaml:3/, /ownr/, /owner/],
  },
  {
    title: 'a value of the wrong type',
    files: { 'pipelines/shop.yaml': shopPipeline({ cluster: '{ count: many }' }) },
    code: 2,
    says: [/pipelines\/shop\.yaml:\d+/, /cluster\.count/, /many/],
  },
  {
    title: 'a mapped column that the source lacks',
    files: { 'data/few.csv': 'order_id,customer\no1,c1\n', 'resegment.yaml': shopProject('bad', 'data/few.csv') },
    code: 1,
    says: [/SourceSchemaChanged|customer_id/, /revision next/],
  },
  {
    title: 'a file that is not there',
    files: { 'resegment.yaml': shopProject('bad', 'data/nowhere.csv') },
    code: 1,
    says: [/nowhere\.csv/, /revision next/],
  },
  {
    title: 'a file that is not what its name says',
    files: { 'data/broken.csv.gz': 'this is no gzip', 'resegment.yaml': shopProject('bad', 'data/broken.csv.gz') },
    code: 1,
    says: [/broken\.csv\.gz/],
  },
  {
    title: 'an empty source',
    files: { 'data/empty.csv': HEADER, 'resegment.yaml': shopProject('bad', 'data/empty.csv') },
    code: 1,
    says: [/order_lines/, /no row|0 rows/i],
  },
  {
    title: 'one customer',
    files: {
      'data/one.csv': HEADER + line(1, 'c1') + line(2, 'c1'),
      'resegment.yaml': shopProject('bad', 'data/one.csv'),
    },
    code: 1,
    says: [/\b1 customer/],
  },
  {
    title: 'customers that are all the same',
    files: {
      'data/same.csv': HEADER + Array.from({ length: 40 }, (_, i) => line(i, `c${i}`)).join(''),
      'resegment.yaml': shopProject('bad', 'data/same.csv'),
    },
    code: 1,
    says: [/same|identical/i],
  },
  {
    title: 'more clusters than customers',
    files: {
      'data/three.csv': HEADER + ['c1', 'c2', 'c3'].map((c, i) => line(i, c, `2026-0${i + 3}-01 10:00:00`)).join(''),
      'resegment.yaml': shopProject('bad', 'data/three.csv'),
    },
    code: 1,
    says: [/4 clusters/, /3 customers/],
  },
  {
    title: 'a wrong password',
    files: {},
    variables: { WAREHOUSE_URL: 'wrong password' },
    code: 1,
    says: [/password|refused|permission/i, /WAREHOUSE_URL/],
  },
  {
    title: 'a database that is down',
    files: {},
    variables: { WAREHOUSE_URL: 'postgres://nobody:secretword@127.0.0.1:1/warehouse' },
    code: 1,
    says: [/127\.0\.0\.1:1/],
  },
]

describe('a mistake', () => {
  let project: TestProject
  let before: unknown
  let good: Record<string, string>

  beforeAll(async () => {
    project = await openShop('bad')
    good = {
      'resegment.yaml': project.read('resegment.yaml'),
      'pipelines/shop.yaml': project.read('pipelines/shop.yaml'),
    }
    await project.startWorker()
    await project.run(['shop', '--as-of', '2026-07-01'])
    before = await live(project)
  })
  afterAll(() => project.close())

  it.each(MISTAKES)(
    '$title: a one-screen message with a remedy, exit $code, and consumer tables as before',
    async (mistake) => {
      for (const [name, text] of Object.entries({ ...good, ...mistake.files })) project.write(name, text)
      const variables = { ...mistake.variables }
      if (variables.WAREHOUSE_URL === 'wrong password') {
        const url = new URL(project.variables.WAREHOUSE_URL!)
        url.password = 'secretword'
        variables.WAREHOUSE_URL = url.href
      }
      const result = await project.cli(['run', 'shop', ...AS_OF, '--revision', 'next'], variables)
      const output = result.stdout + result.stderr
      for (const pattern of mistake.says) expect(output).toMatch(pattern)
      expect(result.code, output).toBe(mistake.code)
      expect(result.stderr.trim().split('\n').length).toBeLessThanOrEqual(MAX_LINES)
      expect(output).not.toContain('secretword')
      expect(output).not.toMatch(/^\s+at .*\.(ts|js):\d+/m)
      expect(await live(project)).toEqual(before)
    },
  )
})

async function live(project: TestProject): Promise<unknown> {
  return project.sql('select * from customer_segments order by pipeline, customer_id')
}
