import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTemporal } from '../../src/cli/servers.ts'
import type { TemporalAccess } from '../../src/client/connect.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { WebhookServer } from '../adapters/destinations/webhook-server.ts'
import type { TestProject } from './project.ts'
import { publishedContent } from './published-content.ts'
import { openShop } from './shop.ts'

const PUBLISHED = "select run_key from runs where status = 'published' order by as_of"
const QUARTERS = ['shop@2025-04-01', 'shop@2025-07-01', 'shop@2025-10-01', 'shop@2026-01-01']

async function openQuarters(target: string, chat: WebhookServer): Promise<TestProject> {
  const project = await openShop(target, { customers: 200 })
  const channel = `notify: [{ webhook: "${chat.url}", allowHttp: true, allowPrivate: true }]\n`
  project.write('resegment.yaml', project.read('resegment.yaml') + channel)
  return project
}

describe('quarters that schedules start', () => {
  let onTime: TestProject
  let rebuilt: TestProject
  let scheduleId: string
  let chat: WebhookServer

  beforeAll(async () => {
    chat = await WebhookServer.open()
    onTime = await openQuarters('ontime', chat)
    rebuilt = await openQuarters('rebuilt', chat)
    scheduleId = 'resegment-ontime-shop'
    await onTime.startWorker()
    await rebuilt.startWorker()
    await json(onTime, 'deploy', '--yes', '--by', 'ann')
  })
  afterAll(async () => {
    await temporal(onTime, async ({ client }) => {
      for (const id of [scheduleId, `${scheduleId}.sweep`, 'resegment-ontime--watch'])
        await client.schedule.getHandle(id).delete()
    })
    await onTime.close()
    await rebuilt.close()
    await chat.close()
  })

  /** First lines of what the channel was told, the newest last. */
  const told = (): readonly string[] =>
    chat.taken.map(({ text }) => (JSON.parse(text) as { text: string }).text.split('\n', 1)[0]!)
  const alarms = (): Promise<object[]> =>
    onTime.sql('select kind, run_key, cleared_at is not null as is_over from alarms order by id')
  /** Has the watch look, as twice an hour, and waits until it has. */
  const look = (): Promise<void> =>
    temporal(onTime, async ({ client }) => {
      const watch = client.schedule.getHandle('resegment-ontime--watch')
      const looks = async (): Promise<number> => (await watch.describe()).info.numActionsTaken
      const before = await looks()
      await watch.trigger()
      await until(async () => (await looks()) > before)
      const { action } = (await watch.describe()).info.recentActions.at(-1)!
      await client.workflow.getHandle(action.workflow.workflowId, action.workflow.firstExecutionRunId).result()
    })

  it('are the same when they are rebuilt later, one after the other', async () => {
    // The server takes each start for one at its scheduled time.
    await temporal(onTime, ({ client }) =>
      client.schedule.getHandle(scheduleId).backfill({
        start: new Date('2025-04-01T00:00:00Z'),
        end: new Date('2026-01-02T00:00:00Z'),
        overlap: 'BUFFER_ALL',
      }),
    )
    const first = await rebuilt.cli(['backfill', 'shop', '--from', '2025-Q1', '--to', '2025-Q2', '--json'])
    expect(JSON.parse(first.stdout)).toEqual({
      pipeline: 'shop',
      published: QUARTERS.slice(0, 2).map((key) => `${key}~1`),
      skipped: [],
      stopped: null,
    })
    const second = await rebuilt.cli(['backfill', 'shop', '--from', '2025-01-01', '--to', '2026-01-01'])
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('OlderThanPublished') as string })
    const third = await rebuilt.cli(['backfill', 'shop', '--from', '2025-04-01', '--to', '2025-Q4'])
    expect(third.stdout).toContain('2025-Q1: shop@2025-04-01~1 was published before; skipped.')
    expect(third.stdout).toContain('2025-Q4: shop@2026-01-01~1, 4 of 4')
    expect(third.code).toBe(0)
    await until(async () => (await onTime.sql(PUBLISHED)).length === QUARTERS.length)
    expect(await onTime.sql(PUBLISHED)).toEqual(QUARTERS.map((key) => ({ run_key: key })))
    expect(await publishedContent(rebuilt)).toEqual(await publishedContent(onTime))
  })

  it('stop being rebuilt where one is held, and go on once it is decided', async () => {
    const yaml = rebuilt.read('pipelines/shop.yaml')
    rebuilt.write(
      'pipelines/shop.yaml',
      yaml.replace(/validate: .*/, 'validate: { membershipChurn: { hold: { above: 0 } } }'),
    )
    const backfill = ['backfill', 'shop', '--from', '2025-Q4', '--to', '2026-Q1']
    const held = await rebuilt.cli(backfill)
    expect(held.code).toBe(3)
    expect(held.stdout).toContain('resegment approve shop@2026-04-01~1 --target rebuilt --reason')
    expect(held.stdout).toContain(`When this run is out, go on: resegment ${backfill.join(' ')} --target rebuilt`)
    await expect.poll(told).toEqual([expect.stringContaining('shop@2026-04-01~1')])
    await rebuilt.cli(['approve', 'shop@2026-04-01', '--reason', 'Looked at it.'])
    await until(async () => (await rebuilt.sql(PUBLISHED)).length === QUARTERS.length + 1)
    expect(await json(rebuilt, ...backfill)).toMatchObject({
      published: [],
      skipped: ['shop@2026-01-01~1', 'shop@2026-04-01~1'],
      stopped: null,
    })
  })

  it('are filled in before what is live only when that is said, and what is live stays as it is', async () => {
    const backfill = ['backfill', 'shop', '--from', '2024-Q4', '--to', '2024-Q4']
    const live = 'select customer_id, segment_key, since from customer_segments order by customer_id'
    const before = await rebuilt.sql(live)
    const refused = await rebuilt.cli(backfill)
    expect(refused.stderr).toContain('Add --historical to fill in the past')
    expect(await json(rebuilt, ...backfill, '--historical')).toMatchObject({ published: ['shop@2025-01-01~1'] })
    expect(await rebuilt.sql('select run_key, is_live from runs where is_historical')).toEqual([
      { run_key: 'shop@2025-01-01', is_live: false },
    ])
    expect(await rebuilt.sql(live)).toEqual(before)
  })

  it('are told with their schedule: who paused it and why, and what ran last', async () => {
    const said = await onTime.cli(['schedule', 'pause', 'shop', '--reason', 'Stocktaking', '--by', 'bob'])
    expect(said).toMatchObject({ code: 0, stdout: `Paused ${scheduleId} as bob.\n` })
    const [refit, sweep, watch] = await json<object[]>(onTime, 'schedule', 'list')
    expect(refit).toEqual({
      scheduleId,
      isDeployed: true,
      nextStart: expect.any(String) as string,
      lastRun: { runKey: 'shop@2026-01-01', revision: 1, status: 'published' },
      pause: { note: 'Stocktaking', by: 'bob' },
    })
    expect(sweep).toMatchObject({ scheduleId: `${scheduleId}.sweep`, isDeployed: true, lastRun: null, pause: null })
    expect(watch).toMatchObject({ scheduleId: 'resegment-ontime--watch', isDeployed: true, pause: null })
    const kept = await onTime.cli(['deploy', '--dry-run'])
    expect(kept.stdout).toContain('stays paused: Stocktaking; --unpause lets it run')
    await onTime.cli(['schedule', 'resume', 'shop', '--reason', 'Counted', '--by', 'bob'])
    const events = await onTime.sql(
      `select event, actor, reason from schedule_events where schedule_id = '${scheduleId}' order by recorded_at`,
    )
    expect(events).toEqual([
      { event: 'created', actor: 'ann', reason: 'deploy' },
      { event: 'paused', actor: 'bob', reason: 'Stocktaking' },
      { event: 'resumed', actor: 'bob', reason: 'Counted' },
    ])
    const preview = await onTime.cli(['schedule', 'preview', 'shop', '2', '--from', '2026-08-01'])
    expect(preview.stdout).toBe(
      [
        'Starts (Europe/Berlin)  UTC               Kind   Period   As-of (UTC)       Run            ',
        '2026-10-01 06:00        2026-10-01 04:00  refit  2026-Q3  2026-09-30 22:00  shop@2026-10-01',
        '2027-01-01 06:00        2027-01-01 05:00  refit  2026-Q4  2026-12-31 23:00  shop@2027-01-01',
      ]
        .map((line) => line.trimEnd())
        .join('\n') + '\n',
    )
  })

  it('are missed when nothing starts them, and known to be without Temporal', async () => {
    const sound = await onTime.cli(['runs', '--missed', '--fail-if-stale'])
    expect(sound).toMatchObject({ code: 0, stdout: 'Every run that was due is published.\n' })
    // As if it had been deployed in December, and the server had been down ever since.
    await onTime.sql("update deployed_schedule set deployed_at = '2025-12-15' where pipeline is not null")
    await onTime.sql('delete from expected_run')
    const noTemporal = { TEMPORAL_ADDRESS: '127.0.0.1:1' }
    const stale = await onTime.cli(['runs', 'shop', '--missed', '--fail-if-stale', '--json'], noTemporal)
    expect(stale.code).toBe(1)
    expect(JSON.parse(stale.stdout)).toMatchObject({
      isStale: true,
      runs: expect.arrayContaining([
        expect.objectContaining({ runKey: 'shop@2026-04-01', period: '2026-Q1', state: 'missed', isOverdue: true }),
      ]) as object[],
    })
  })

  it('are an alarm that people hear of once, whether their schedule is paused or gone, and once when they came', async () => {
    const before = told().length
    const news = (): readonly string[] => told().slice(before).toSorted()
    await temporal(onTime, ({ client }) => client.schedule.getHandle(scheduleId).pause('Stocktaking'))
    await look()
    const raised = await alarms()
    expect(raised).toMatchObject([{ kind: 'missed' }, { kind: 'stale', run_key: 'shop@2026-04-01', is_over: false }])
    const [begins, ends] = [
      [/\[ontime\] shop@\S+ did not run/, /\[ontime\] shop@2026-04-01 is out of date/],
      [/\[ontime\] over: shop@\S+ did not run/, /\[ontime\] over: shop@2026-04-01 is out of date/],
    ].map((lines) => lines.map((line) => expect.stringMatching(line) as string).toReversed())
    await expect.poll(news).toHaveLength(2)
    expect(news()).toEqual(expect.arrayContaining(begins!))
    await temporal(onTime, ({ client }) => client.schedule.getHandle(scheduleId).delete())
    await look()
    expect(await alarms()).toEqual(raised)

    const deployed = await onTime.cli(['deploy', '--yes'])
    expect(deployed.stdout).toContain('somebody deleted it in Temporal')
    const { stdout } = await onTime.cli(['schedule', 'trigger', 'shop', '--reason', 'The server was down'])
    const runKey = /resegment describe (shop@\S+)/.exec(stdout)?.[1]
    await until(async () => (await onTime.sql(`select 1 from runs where run_key = '${runKey}' and is_live`)).length > 0)
    await look()
    expect(await alarms()).toMatchObject([{ is_over: true }, { is_over: true }])
    await look()
    await expect.poll(news).toHaveLength(4)
    expect(news()).toEqual(expect.arrayContaining([...begins!, ...ends!]))
  })
})

async function json<T>(project: TestProject, ...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await project.cli([...args, '--json'])
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`)
  return JSON.parse(stdout) as T
}

function temporal<T>(project: TestProject, use: (access: TemporalAccess) => Promise<T>): Promise<T> {
  return withTemporal(readEnvironment(project.variables), use)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200))
}
