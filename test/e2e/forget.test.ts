import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

interface Forgotten {
  readonly erasures: readonly {
    readonly workflowId: string
    readonly requestId: string
    readonly state: string
    readonly customers: number
    readonly remarks: readonly string[]
    readonly stores: readonly { readonly store: string; readonly rows: number }[]
  }[]
  readonly overrides: readonly { readonly pipeline: string; readonly entries: number }[]
}

describe('customers who are forgotten, or object,', () => {
  let project: TestProject
  let receiver: WebhookServer
  let forgotten: string
  let objecting: string
  beforeAll(async () => {
    receiver = await WebhookServer.open()
    project = await openShop('forget', { customers: 150 })
    project.keepCacheApart()
    Object.assign(project.variables, { CRM_URL: receiver.url, CRM_KEY: 'key' })
    project.write('pipelines/shop.yaml', pipelineOf())
    await project.startWorker()
    expect(await project.run(['shop', '--as-of', '2026-07-01'])).toMatchObject({ status: 'published' })
    const rows = await project.sql<{ customer_id: string }>(
      'select customer_id from customer_segments order by 1 limit 2',
    )
    ;[forgotten, objecting] = rows.map(({ customer_id }) => customer_id) as [string, string]
  })
  afterAll(async () => {
    await project.close()
    await receiver.close()
  })

  const pipelineOf = (overrides = ''): string => `${shopPipeline()}activate:
  crm: { kind: webhook, url: { secret: CRM_URL }, signWith: { secret: CRM_KEY }, ratePerSecond: 200, allowHttp: true, allowPrivate: true }
${overrides}`

  /** Every row of every table, as text. */
  async function dump(): Promise<string> {
    const tables = await project.sql<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname <> 'migration'`,
    )
    const rows: string[] = []
    for (const { name } of tables)
      for (const { row } of await project.sql<{ row: string }>(`select t::text as row from "${name}" t`))
        rows.push(`${name} ${row}`)
    return rows.join('\n')
  }

  it('leave what consumers and destinations see at once, and keep their history when they object', async () => {
    await expect
      .poll(() => receiver.members.has(forgotten) && receiver.members.has(objecting), { timeout: 120_000 })
      .toBe(true)
    const done = await project.cli(['suppress', objecting, '--json'])
    expect(done.code, done.stderr).toBe(0)
    expect(JSON.parse(done.stdout)).toMatchObject({
      ...{ changed: 1, told: ['crm of shop'] },
      withdrawn: [{ pipeline: 'shop', customers: 1, runKey: 'shop@2026-07-01' }],
    })
    await expect.poll(() => receiver.members.has(objecting), { timeout: 60_000 }).toBe(false)
    for (const view of ['customer_segments', 'audience_members', 'customer_scores', 'customer_reasons'])
      expect(await project.sql(`select * from ${view} where customer_id = $1`, [objecting])).toEqual([])
    expect(
      await project.sql(
        'select event, to_segment_key, move_reason from segment_events where customer_id = $1 order by published_at',
        [objecting],
      ),
    ).toEqual([
      { event: 'entered', to_segment_key: expect.any(String), move_reason: 'new' },
      { event: 'left', to_segment_key: null, move_reason: 'withdrawn' },
    ])
  })

  it('are erased from every table, with their destinations told first and the evidence naming nobody', async () => {
    project.write(
      'pipelines/shop.yaml',
      pipelineOf(`overrides:\n  - { customer: "${forgotten}", segment: shop-1, reason: regular, author: lead }\n`),
    )
    expect(await dump()).toContain(forgotten)
    const done = await project.cli(['forget', forgotten, '--yes', '--json'])
    expect(done.code, done.stdout + done.stderr).toBe(0)
    expect(done.stderr).toContain('pipelines/shop.yaml still names 1 of them under overrides')
    expect(done.stderr).not.toContain(forgotten)
    const { erasures, overrides } = JSON.parse(done.stdout) as Forgotten
    expect(overrides).toEqual([{ pipeline: 'shop', entries: 1 }])
    expect(erasures).toMatchObject([{ state: 'finished', customers: 1, remarks: [] }])
    expect(receiver.members.has(forgotten)).toBe(false)
    expect(await dump()).not.toContain(forgotten)
    const [evidence] = await project.sql<Record<string, unknown>>(
      'select customers::int, finished_at is not null as done, stores from erasures',
    )
    expect(evidence).toEqual({ customers: 1, done: true, stores: erasures[0]!.stores })
    expect(await project.sql('select count(*)::int as counted from segments where customers > 0')).not.toEqual([
      { counted: 0 },
    ])
    const access = await connectTemporal(project.variables)
    try {
      const text = JSON.stringify(
        await access.client.workflow.getHandle(erasures[0]!.workflowId).fetchHistory(),
        (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value),
      )
      expect(text).not.toContain(forgotten)
    } finally {
      await access.close()
    }
  })

  it('are in no later run, though the source still has them', async () => {
    project.write('pipelines/shop.yaml', pipelineOf())
    expect(await project.run(['shop', '--as-of', '2026-10-01'])).toMatchObject({ status: 'published' })
    const seen = await project.sql('select customer_id from customer_segments where customer_id = any($1)', [
      [forgotten, objecting],
    ])
    expect(seen).toEqual([])
    expect(await dump()).not.toContain(forgotten)
  })
})
