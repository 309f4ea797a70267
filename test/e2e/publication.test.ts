import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import Long from 'long'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { TestProject } from './project.ts'
import { publishedContent, readPublished } from './published-content.ts'
import { openShop } from './shop.ts'

const MAX_PAYLOAD_BYTES = 64 * 1024

describe('a finished run', () => {
  let project: TestProject
  let first: RunStatus
  let content: unknown

  beforeAll(async () => {
    project = await openShop('twice', { pipeline: { publish: '{ warehouse: warehouse, s3: lake, features: all }' } })
    await project.startWorker()
    first = await project.run(['shop', '--as-of', '2026-10-01'])
    content = await publishedContent(project)
  })
  afterAll(() => project.close())

  it('shows every feature of every customer where that is asked for, in the files too, as profiles have them', async () => {
    const customers = first.segments.reduce((sum, segment) => sum + segment.customers, 0)
    const [counted] = await project.sql(`select count(*)::int as rows, count(distinct customer_id)::int as customers,
      count(distinct feature)::int as features from customer_features where run_key = 'shop@2026-10-01'`)
    expect(counted).toEqual({ rows: customers * 6, customers, features: 6 })
    const manifest = await readPublished<{ tables: Record<string, { rows: number }> }>(
      project,
      'shop/run=shop@2026-10-01~1/manifest.json',
    )
    expect(manifest.tables.features!.rows).toBe(customers * 6)
    // Postgres takes the averages anew.
    const means = await project.sql<{ mean: number; again: number }>(`
      select p.mean, avg(f.value) as again from customer_features f join customer_segments c using (pipeline, customer_id)
      join segment_profiles p on p.segment_key = c.segment_key and p.feature = f.feature and p.run_key = f.run_key
      group by p.segment_key, p.feature, p.mean`)
    expect(means).toHaveLength(first.segments.length * 6)
    for (const { mean, again } of means) expect(again).toBeCloseTo(mean, 6)
  })

  it('is answered, not repeated, when the same run key is started again', async () => {
    const again = await project.run(['shop', '--as-of', '2026-10-01'])
    expect(again).toEqual(first)
    expect(await publishedContent(project)).toEqual(content)
  })

  it('publishes nothing new when it is reset to its first workflow task', async () => {
    const client = await connect(project)
    const reset = await client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: first.workflowId, runId: first.temporalRunId },
      reason: 'test of idempotency',
      requestId: 'reset-once',
      workflowTaskFinishEventId: Long.fromNumber(4),
    })
    await client.workflow.getHandle(first.workflowId, reset.runId).result()
    expect(await publishedContent(project)).toEqual(content)
    expect(await project.sql("select run_key, revision, status from runs where status = 'published'")).toHaveLength(1)
    await client.connection.close()
  })

  it('leaves a history of small payloads, under 100 events, without rows and secrets', async () => {
    const client = await connect(project)
    const history = await client.workflow.getHandle(first.workflowId, first.temporalRunId).fetchHistory()
    const events = history.events ?? []
    expect(events.length).toBeLessThan(100)
    const text = JSON.stringify(events, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
    )
    const largest = Math.max(...payloadSizes(events))
    expect(largest).toBeGreaterThan(100)
    expect(largest).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
    const url = new URL(project.variables.WAREHOUSE_URL!)
    for (const secret of [url.password, project.variables.AWS_SECRET_ACCESS_KEY!]) expect(text).not.toContain(secret)
    const [customer] = await project.sql<{ customer_id: string }>('select customer_id from customer_segments limit 1')
    expect(text).not.toContain(customer!.customer_id)
    await client.connection.close()
  })
})

describe('a reader that polls the views through ten publications', () => {
  it('sees only whole publications', async () => {
    const project = await openShop('polled', { customers: 200 })
    try {
      await project.startWorker()
      const seen = new Map<string, Set<string>>()
      let polls = 0
      let stop = false
      const reader = (async () => {
        while (!stop) {
          const rows = await project.sql<{ run_key: string; customers: string }>(
            `select run_key, count(*) as customers, (select count(*) from customer_segments) as total from customer_segments group by run_key`,
          )
          polls += 1
          expect(rows.length).toBeLessThanOrEqual(1)
          for (const row of rows) seen.set(row.run_key, (seen.get(row.run_key) ?? new Set()).add(String(row.customers)))
          await pause(20)
        }
      })()
      const customers = new Map<string, string>()
      for (let month = 1; month <= 5; month += 1) {
        const status = await project.run(['shop', '--as-of', `2026-${String(month).padStart(2, '0')}-01`])
        customers.set(status.runKey, String(status.segments.reduce((sum, segment) => sum + segment.customers, 0)))
      }
      stop = true
      await reader
      expect(polls).toBeGreaterThan(25)
      for (const [runKey, counts] of seen) expect([...counts], runKey).toEqual([customers.get(runKey)])
      expect(seen.size).toBeGreaterThan(1)
    } finally {
      await project.close()
    }
  })
})

describe('two targets', () => {
  it('stay apart in schema, S3 prefix, workflow ids and task queues; dev is the default and prod works only when named', async () => {
    const project = await openShop('apart')
    try {
      const yaml = project.read('resegment.yaml')
      project.write(
        'resegment.yaml',
        yaml.replace(
          /targets:\n.*\n/,
          (targets) => `${targets}  prod: { schema: segmentation_apart_prod, prefix: apart_prod/ }\n`,
        ),
      )
      await project.startWorker()
      const status = await project.run(['shop', '--as-of', '2026-10-01'])
      expect(status.workflowId).toBe('apart/shop@2026-10-01~1')
      const prod = project.as('prod', 'segmentation_apart_prod')
      expect((await prod.cli(['migrate'])).code).toBe(0)
      await prod.startWorker()
      const production = await prod.run(['shop', '--as-of', '2026-10-01'])
      expect(production.workflowId).toBe('shop@2026-10-01~1')
      expect(production.manifestUri).toContain('/apart_prod/')
      expect(status.manifestUri).toContain('/apart/')
      const client = await connect(project)
      const queueOf = async (id: string): Promise<string> => (await client.workflow.getHandle(id).describe()).taskQueue
      expect(await queueOf(status.workflowId)).toBe('resegment-apart-workflow')
      expect(await queueOf(production.workflowId)).toBe('resegment-workflow')
      await client.connection.close()
      const [{ schemas }] = (await project.sql<{ schemas: string }>(
        "select string_agg(table_schema, ',' order by table_schema) as schemas from information_schema.views where table_name = 'customer_segments' and table_schema like 'segmentation_apart%'",
      )) as [{ schemas: string }]
      expect(schemas).toBe('segmentation_apart,segmentation_apart_prod')
      await prod.stopWorkers()
    } finally {
      await project.close()
    }
  })
})

async function connect(project: TestProject): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address: project.variables.TEMPORAL_ADDRESS! }) })
}

/** Sizes in bytes of every `data` field anywhere in the events. */
function payloadSizes(value: unknown): number[] {
  if (value instanceof Uint8Array) return [value.byteLength]
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(payloadSizes)
  return []
}
