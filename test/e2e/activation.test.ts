import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const KEY = 'unmistakable-signing-key'
const TOKEN = 'unmistakable-token'
const MEMBERS = 'select customer_id, segment_key from customer_segments where not is_holdout'

describe('destinations of a published run', () => {
  let project: TestProject
  let receiver: WebhookServer
  beforeAll(async () => {
    receiver = await WebhookServer.open()
    project = await openShop('activation')
    Object.assign(project.variables, { CRM_URL: `${receiver.url}?token=${TOKEN}`, CRM_KEY: KEY })
    project.write('pipelines/shop.yaml', pipelineOf())
  })
  afterAll(async () => {
    await project.close()
    await receiver.close()
  })
  beforeEach(() => {
    Object.assign(receiver, { reactions: [], always: 'take' })
  })

  const pipelineOf = (validate?: string): string =>
    `${shopPipeline({ ...(validate ? { validate } : {}), features: '[recency, frequency, monetary, averageOrderValue, preferredChannel]' }).replace('s3: lake }', 's3: lake, holdout: { share: 0.1 } }')}activate:
  crm: { kind: webhook, url: { secret: CRM_URL }, signWith: { secret: CRM_KEY }, batchSize: 20, ratePerSecond: 200, timeoutSeconds: 2, allowHttp: true, allowPrivate: true }
  mail: { kind: csv, connection: lake, channel: preferredChannel }
  app: { kind: table, connection: warehouse, table: segmentation_activation.app_members }
`

  const members = async (): Promise<Map<string, string>> => {
    const rows = await project.sql<{ customer_id: string; segment_key: string }>(MEMBERS)
    return new Map(rows.map((row) => [row.customer_id, row.segment_key]))
  }
  const stateOf = (run: string, destination: string) =>
    project.sql<{ state: string; pending: number; effects: number; sent: number; last_error: string | null }>(
      `select state, effects::int, sent::int, pending::int, last_error from destination_syncs where run_key = $1 and destination = $2`,
      [run, destination],
    )
  const sentOf = async (run: string, destination: string) =>
    expect
      .poll(async () => (await stateOf(run, destination))[0]?.state, { timeout: 120_000, interval: 500 })
      .toBe('sent')
  const ofRun = (run: string) => receiver.arrived.filter(({ body }) => body.run.startsWith(run))

  it('hear of everything at least once and under one key, from a worker that dies between batches and a receiver in trouble', async () => {
    const dying = await project.startWorkerProcess({ RESEGMENT_FAULT: 'sendEffects:between-batches:kill' })
    // The key of what a receiver took without our hearing of it comes again.
    receiver.reactions = ['take-then-drop', { status: 429, headers: { 'retry-after': '1' } }]
    const run = await project.run(['shop', '--as-of', '2026-07-01'])
    expect(run.status).toBe('published')
    await dying.exited
    receiver.reactions = [{ status: 500 }, 'hang', 'drop', { status: 503, headers: { 'retry-after': '1' } }]
    await project.startWorker()
    for (const destination of ['crm', 'mail', 'app']) await sentOf('shop@2026-07-01', destination)

    expect(receiver.members).toEqual(await members())
    const [{ holdout } = { holdout: 0 }] = await project.sql<{ holdout: number }>(
      'select count(*)::int as holdout from customer_segments where is_holdout',
    )
    expect(holdout).toBeGreaterThan(0)
    const contents = new Map(ofRun('shop@2026-07-01').map(({ key, body }) => [key, JSON.stringify(body)]))
    for (const { key, body } of ofRun('shop@2026-07-01')) expect(JSON.stringify(body)).toBe(contents.get(key))
    expect(contents.size).toBe(Math.ceil((await members()).size / 20))
    expect(ofRun('shop@2026-07-01').length).toBeGreaterThan(contents.size)
    const ledger = await project.sql(
      "select count(*)::int as rows, count(distinct customer_hash)::int as customers from destination_effect where destination = 'crm' and state = 'sent'",
    )
    expect(ledger).toEqual([{ rows: receiver.members.size, customers: receiver.members.size }])
    expect(
      new Map(
        (await project.sql<{ customer_id: string; segment_key: string }>('select * from app_members')).map((row) => [
          row.customer_id,
          row.segment_key,
        ]),
      ),
    ).toEqual(await members())
  })

  it('start nothing anew when what was sent is synced again', async () => {
    const before = receiver.arrived.length
    const again = await project.cli(['sync', 'shop@2026-07-01', '--json'])
    expect(again.code, again.stderr).toBe(0)
    const { syncs } = JSON.parse(again.stdout) as { syncs: { destination: string; state: string }[] }
    expect(syncs.map(({ destination, state }) => `${destination} ${state}`)).toEqual([
      'crm sent',
      'mail sent',
      'app sent',
    ])
    expect(receiver.arrived.length).toBe(before)
    expect((await project.sql('select * from app_members')).length).toBe((await members()).size)
  })

  it('that fail leave the run published, and say what to do; the next run tells what they missed', async () => {
    receiver.always = { status: 401 }
    const run = await project.run(['shop', '--as-of', '2026-10-01'])
    expect(run.status).toBe('published')
    await expect
      .poll(async () => (await stateOf('shop@2026-10-01', 'crm'))[0]?.state, { timeout: 60_000 })
      .toBe('failed')
    expect(await project.sql("select status from runs where run_key = 'shop@2026-10-01'")).toEqual([
      { status: 'published' },
    ])
    const described = await project.cli(['describe', 'shop@2026-10-01'])
    expect(described.stdout).toMatch(/^crm: failed, 0 of [\d,]+ customers told; .*refused with status 401/m)
    const failed = await project.cli(['sync', 'shop@2026-10-01', '--destination', 'crm'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('resegment sync shop@2026-10-01~1 --destination crm')

    receiver.always = 'take'
    const mended = await project.cli(['sync', 'shop@2026-10-01', '--destination', 'crm'])
    expect(mended.code, mended.stdout + mended.stderr).toBe(0)
    expect(receiver.members).toEqual(await members())
  })

  it('are told of everybody on request', async () => {
    const before = receiver.taken.length
    const full = await project.cli(['sync', 'shop@2026-10-01', '--destination', 'crm', '--full'])
    expect(full.code, full.stderr).toBe(0)
    const told = receiver.taken.slice(before)
    expect(new Set(told.map(({ body }) => body.kind))).toEqual(new Set(['full']))
    expect(told.flatMap(({ body }) => body.events).length).toBe((await members()).size)
    const older = await project.cli(['sync', 'shop@2026-07-01', '--destination', 'crm', '--full'])
    expect(older.stdout).toContain('nothing was sent')
  })

  it('hear of a run whose worker died between the switch and the start of their syncs', async () => {
    await project.stopWorkers()
    const dying = await project.startWorkerProcess({ RESEGMENT_FAULT: 'publishSegmentation:after-switch:kill' })
    const running = project.run(['shop', '--as-of', '2026-10-01', '--revision', 'next'])
    await dying.exited
    await project.startWorker()
    expect((await running).status).toBe('published')
    const states = (): Promise<unknown> =>
      project.sql('select destination, state from destination_syncs where revision = 2 order by 1')
    await expect
      .poll(states, { timeout: 120_000, interval: 500 })
      .toEqual(['app', 'crm', 'mail'].map((destination) => ({ destination, state: 'sent' })))
    expect(receiver.members).toEqual(await members())
  })

  it('leave no secret and no customer in histories, and can be found beside their run', async () => {
    const access = await connectTemporal(project.variables)
    try {
      const ids: string[] = []
      const query = `ResegmentRun STARTS_WITH "shop@" AND TaskQueue = "resegment-activation-workflow"`
      for await (const { workflowId, type } of access.client.workflow.list({ query })) {
        if (type === 'syncDestination') ids.push(workflowId)
        const text = JSON.stringify(
          await access.client.workflow.getHandle(workflowId).fetchHistory(),
          (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value),
        )
        for (const secret of [KEY, TOKEN, [...receiver.members.keys()][0]!]) expect(text).not.toContain(secret)
      }
      expect(ids).toContain('activation/sync/shop/shop@2026-07-01~1/crm')
      expect(new Set(ids).size).toBeGreaterThanOrEqual(7)
    } finally {
      await access.close()
    }
  })

  it('hear of a rollback what it changed', async () => {
    const back = await project.cli(['rollback', 'shop', '--to', 'shop@2026-07-01', '--reason', 'wrong', '--json'])
    expect(back.code, back.stderr).toBe(0)
    expect((JSON.parse(back.stdout) as { syncs: readonly string[] }).syncs).toHaveLength(3)
    const now = await members()
    await expect.poll(() => receiver.members, { timeout: 120_000, interval: 500 }).toEqual(now)
    const ofApp = () => project.sql<{ customer_id: string; segment_key: string }>('select * from app_members')
    await expect
      .poll(async () => new Map((await ofApp()).map((row) => [row.customer_id, row.segment_key])), { timeout: 120_000 })
      .toEqual(now)
  })
})
