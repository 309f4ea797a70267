import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal, type TemporalAccess } from '../../src/client/connect.ts'
import { readRun } from '../../src/client/read-run.ts'
import { lockMemberships } from './lock-memberships.ts'
import type { TestProject } from './project.ts'
import { openShop } from './shop.ts'

const LOOK_EVERY_MS = 50
/** `PendingActivityState` of Temporal's API. */
const PENDING = { STARTED: 2, PAUSED: 4 }

type Described = Awaited<ReturnType<WorkflowHandle['describe']>>['raw']
type Pending = NonNullable<Described['pendingActivities']>[number]

describe('an activity that is operated on in the Temporal UI while it works', () => {
  let project: TestProject
  let access: TemporalAccess
  beforeAll(async () => {
    project = await openShop('operated')
    access = await connectTemporal(project.variables)
    await project.startWorker()
  })
  afterAll(async () => {
    await access?.close()
    await project?.close()
  })

  it('ends its attempt when it is paused, and goes on from the beginning when it is unpaused: published once', async () => {
    const { workflowService } = access.client
    const run = await runUpToPublish('2026-01-01')
    await workflowService.pauseActivity({ ...run.activity, identity: 'ada', reason: 'the warehouse is busy' })
    await run.until(({ paused, state }) => paused === true && state === PENDING.PAUSED)
    expect(await shown()).toEqual([])
    await run.unblock()
    await sleep(1_000)
    expect(await shown()).toEqual([])
    await workflowService.unpauseActivity({ ...run.activity, identity: 'ada' })
    expect(await run.result()).toMatchObject({ status: 'published' })
    expect(await publications('2026-01-01')).toEqual([{ published: '1', loaded: '1' }])
  })

  it('ends its attempt when it is reset, and is tried anew without what the heartbeats said: published once', async () => {
    const run = await runUpToPublish('2026-02-01')
    await access.client.workflowService.resetActivity({ ...run.activity, identity: 'ada', resetHeartbeat: true })
    // The attempt hears of it in the answer to a heartbeat, and ends when it has waited for the lock.
    const waiting = await run.until(({ lastFailure }) => lastFailure?.message === 'Activity reset')
    expect(waiting.heartbeatDetails?.payloads ?? []).toEqual([])
    await run.unblock()
    expect(await run.result()).toMatchObject({ status: 'published' })
    expect(await publications('2026-02-01')).toEqual([{ published: '1', loaded: '1' }])
  })

  /** Starts a run whose publish waits for a lock that somebody else has on the warehouse. */
  async function runUpToPublish(asOf: string) {
    const unblock = await lockMemberships(project)
    const started = await project.cli(['run', 'shop', '--as-of', asOf, '--detach'])
    expect(started, started.stderr).toMatchObject({ code: 0 })
    const workflowId = `operated/shop@${asOf}~1`
    const handle = access.client.workflow.getHandle(workflowId)
    const until = async (isSo: (activity: Pending) => boolean): Promise<Pending> => {
      for (;;) {
        const { pendingActivities } = (await handle.describe()).raw
        const activity = pendingActivities?.find(({ activityId }) => activityId === 'publish')
        if (activity && isSo(activity)) return activity
        await sleep(LOOK_EVERY_MS)
      }
    }
    await until(({ state }) => state === PENDING.STARTED)
    // It waits for the lock.
    const waiting = `select 1 from pg_locks where not granted and relation = 'membership_open'::regclass`
    await expect.poll(() => project.sql(waiting), { timeout: 30_000 }).toHaveLength(1)
    return {
      activity: { namespace: access.namespace, execution: { workflowId }, id: 'publish' },
      until,
      unblock,
      async result() {
        await handle.result()
        return (await readRun(access, workflowId)).status
      },
    }
  }

  function shown(): Promise<object[]> {
    return project.sql('select customer_id from customer_segments')
  }

  function publications(asOf: string): Promise<object[]> {
    return project.sql(
      `select count(published_at) as published, count(*) as loaded from publication where run_key = 'shop@' || $1`,
      [asOf],
    )
  }
})
