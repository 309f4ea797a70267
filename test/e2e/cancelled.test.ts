import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readRun } from '../../src/client/read-run.ts'
import { lockMemberships } from './lock-memberships.ts'
import type { TestProject } from './project.ts'
import { openShop, shopPipeline } from './shop.ts'

const LOOK_EVERY_MS = 10
/** One activity of each stage. Each case is a revision of its own, so that every stage has something to do. */
const STEPS = ['extract', 'cleanse-0', 'features-0', 'cluster-fit', 'validate', 'publish']

describe('a run that is cancelled, as the Temporal UI does it,', () => {
  let project: TestProject
  let access: TemporalAccess
  beforeAll(async () => {
    project = await openShop('cancelled')
    access = await connectTemporal(project.variables)
    await project.startWorker()
  })
  afterAll(async () => {
    await access?.close()
    await project?.close()
  })

  it.each(STEPS)(
    'while %s is at work leaves consumers what they had, and is recorded with who and why',
    async (step) => {
      const revision = STEPS.indexOf(step) + 1
      const run = `shop@2026-07-01~${revision}`
      const before = await shown()
      // Nobody can publish while it is held: none of these comes too late.
      const unlock = await lockMemberships(project)
      await start('2026-07-01', revision)
      await begun(run, step)
      await cancel(run)
      const { how } = await ended(run).finally(unlock)
      const [record] = await recorded('2026-07-01', revision)
      expect({ how, status: record!.status }).toEqual({ how: 'cancelled', status: 'cancelled' })
      expect(await shown()).toEqual(before)
      expect(await eventsOf(run)).toEqual([CANCELLED])
    },
  )

  it('does not keep the next run from being published, nor itself from going on when it is started again', async () => {
    const revision = STEPS.length
    expect(await project.run(['shop', '--as-of', '2026-07-01', '--revision', `${revision}`])).toMatchObject({
      status: 'published',
      revision,
    })
    expect((await shown()).length).toBeGreaterThan(0)
  })

  it('while it is held leaves what is live', async () => {
    project.write('pipelines/shop.yaml', shopPipeline({ validate: '{ membershipChurn: { hold: { above: 0 } } }' }))
    const before = await shown()
    const run = 'shop@2026-10-01~1'
    await start('2026-10-01', 1)
    for (;;) {
      const { status, end } = await readRun(access, idOf(run))
      if (end) throw new Error('It was not held.')
      if (status?.status === 'held') break
      await sleep(LOOK_EVERY_MS)
    }
    await cancel(run)
    expect(await ended(run)).toEqual({ how: 'cancelled' })
    expect(await recorded('2026-10-01', 1)).toEqual([{ status: 'cancelled' }])
    expect(await eventsOf(run)).toEqual([CANCELLED])
    expect(await shown()).toEqual(before)
  })

  const CANCELLED = { event: 'cancel_requested', actor: 'ada@browser', reason: 'the wrong quarter' }
  const idOf = (run: string): string => `cancelled/${run}`

  async function start(asOf: string, revision: number): Promise<void> {
    const started = await project.cli(['run', 'shop', '--as-of', asOf, '--revision', `${revision}`, '--detach'])
    expect(started, started.stderr).toMatchObject({ code: 0 })
  }

  async function cancel(run: string): Promise<void> {
    await access.client.workflowService.requestCancelWorkflowExecution({
      ...{ namespace: access.namespace, workflowExecution: { workflowId: idOf(run) } },
      ...{ identity: CANCELLED.actor, reason: CANCELLED.reason, requestId: run },
    })
  }

  /** Until an activity is at work, or was: the shortest ones may be over before anybody has looked. */
  async function begun(run: string, activityId: string): Promise<void> {
    for (;;) {
      const { events } = await access.client.workflow.getHandle(idOf(run)).fetchHistory()
      if (events?.some((event) => event.activityTaskScheduledEventAttributes?.activityId === activityId)) return
      await sleep(LOOK_EVERY_MS)
    }
  }

  function shown(): Promise<object[]> {
    return project.sql('select customer_id, segment_key from customer_segments order by customer_id')
  }

  async function ended(run: string): Promise<{ readonly how: string }> {
    await access.client.workflow
      .getHandle(idOf(run))
      .result()
      .catch(() => undefined)
    return (await readRun(access, idOf(run))).end!
  }

  function recorded(asOf: string, revision: number): Promise<{ status: string }[]> {
    return project.sql('select status from runs where run_key = $1 and revision = $2', [`shop@${asOf}`, revision])
  }

  function eventsOf(run: string): Promise<object[]> {
    const [runKey, revision] = run.split('~')
    return project.sql('select event, actor, reason from run_events where run_key = $1 and revision = $2', [
      runKey,
      revision,
    ])
  }
})
