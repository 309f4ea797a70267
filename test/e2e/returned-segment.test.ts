import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestProject } from './project.ts'
import { shopPipeline, shopProject } from './shop.ts'

const HEADER = 'order_id,customer_id,ordered_at,sku,category,channel,quantity,unit_price'
const GROUPS = ['small', 'middle', 'large'] as const
const SIZE = 40

/** One group of customers buys rarely and little, one often, one at high prices; all before the first quarter. */
function load(groups: readonly (typeof GROUPS)[number][]): string {
  const lines = groups.flatMap((group) =>
    Array.from({ length: SIZE }, (_, i) => {
      const orders = group === 'middle' ? 20 + (i % 5) : 2 + (i % 2)
      const price = group === 'large' ? 900 + i : 10 + (i % 7)
      return Array.from({ length: orders }, (_o, order) => {
        const day = String(1 + (order % 28)).padStart(2, '0')
        return `${group}${i}-${order},${group}${i},2026-03-${day} 10:00:00,s1,c1,web,1,${price}.00`
      })
    }).flat(),
  )
  return [HEADER, ...lines].join('\n')
}

const pipeline = (count: number): string =>
  shopPipeline({
    features: '[frequency, averageOrderValue]',
    cluster: `{ count: ${count}, starts: 5, seed: 7 }`,
    validate: '{ rowCount: {}, sourceRowChange: {}, featureDrift: {} }',
  })

describe('a segment that is gone for a quarter', () => {
  let project: TestProject
  let key: string

  beforeAll(async () => {
    project = await TestProject.open('returned', {
      'resegment.yaml': shopProject('returned', 'data/lines.csv'),
      'pipelines/shop.yaml': pipeline(3),
      'data/lines.csv': load(GROUPS),
    })
    await project.migrate()
    await project.startWorker()
    await project.run(['shop', '--as-of', '2026-04-01'])
    key = (await keysOf(project, 'large')).join(' ')
    project.write('pipelines/shop.yaml', pipeline(2))
    project.write('data/lines.csv', load(['small', 'middle']))
    await project.run(['shop', '--as-of', '2026-07-01'])
  })
  afterAll(() => project.close())

  it('is retired, and keeps its row and its key', async () => {
    expect(key).toMatch(/^shop-\d$/)
    expect(await segment(project, key)).toMatchObject({
      status: 'retired',
      customers: '0',
      lineage_kind: 'disappeared',
    })
  })

  it('is back a quarter later under its key, and says so', async () => {
    project.write('pipelines/shop.yaml', pipeline(3))
    project.write('data/lines.csv', load(GROUPS))
    const run = await project.run(['shop', '--as-of', '2026-10-01'])
    expect(run.status).toBe('published')
    expect(await keysOf(project, 'large')).toEqual([key])
    expect(await segment(project, key)).toMatchObject({
      ...{ status: 'returned', customers: String(SIZE), first_as_of: new Date('2026-03-31T22:00:00Z') },
      ...{ lineage_kind: 'returned', lineage_run_key: 'shop@2026-10-01' },
    })
    const edges = await project.sql(
      "select from_segment_key, to_segment_key from segment_lineage where run_key = 'shop@2026-10-01' and kind = 'returned'",
    )
    expect(edges).toEqual([{ from_segment_key: null, to_segment_key: key }])
    const reasons = await project.sql(
      "select move_reason, customers::int as customers from segment_transitions where run_key = 'shop@2026-10-01' and to_segment_key = $1",
      [key],
    )
    expect(reasons).toEqual([{ move_reason: 'returned', customers: SIZE }])
  })
})

async function keysOf(project: TestProject, group: string): Promise<readonly string[]> {
  const rows = await project.sql<{ segment_key: string }>(
    'select distinct segment_key from customer_segments where customer_id like $1',
    [`${group}%`],
  )
  return rows.map(({ segment_key }) => segment_key)
}

async function segment(project: TestProject, key: string): Promise<unknown> {
  const [row] = await project.sql('select * from segments where segment_key = $1', [key])
  return row
}
