import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { findRetrying } from '../../src/activities/find-trouble.ts'
import { findUnserved } from '../../src/activities/find-unserved.ts'
import { describeOpenRuns } from '../../src/activities/open-runs.ts'
import type { NoticeActivities } from '../../src/activities/notice-activities.ts'
import { tellTroubles } from '../../src/activities/tell-troubles.ts'
import { decideRun } from '../../src/client/decide-run.ts'
import { retryRun } from '../../src/client/retry-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { NoticeRefused } from '../../src/errors/notice-refused.ts'
import { NoticeUnavailable } from '../../src/errors/notice-unavailable.ts'
import { PermissionDenied } from '../../src/errors/permission-denied.ts'
import { NOTICES_WORKFLOW_TYPE, noticesStartOf } from '../../src/plan/notice-input.ts'
import { numberChannels } from '../../src/plan/notify.ts'
import { projectConfig } from '../../src/plan/project.ts'
import { testNotice } from '../../src/report/notices/test-notice.ts'
import { noticeKinds } from '../../src/run/notice.ts'
import { makeDefinition } from './definition.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'
import { digestOfStage } from './stub-activities.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

const channels = (...written: readonly object[]) => numberChannels(projectConfig.shape.notify.parse(written))
const everything = channels({ command: ['true'], on: noticeKinds })

describe('a run with channels', () => {
  it('has people told that it waits, of each reminder, and of what came of it', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ announced, calls }) => {
      const workflowId = await scene.start(target, { within: '1 hour', remindAfter: ['1 second'] }, {}, everything)
      const view = await scene.until(workflowId, () => calls.includes('remind') && announced.length > 1)
      await decideRun(scene.access, workflowId, {
        ...{ decision: 'approve', digest: digestOfStage('validate'), reason: 'Campaign.', by: 'ada' },
      })
      await scene.ended(workflowId)
      expect(announced.map(({ occasion }) => occasion)).toMatchObject([
        { kind: 'held', digest: digestOfStage('validate') },
        { kind: 'reminded', waited: '1 second' },
        { kind: 'published', publicationId: 1, decision: { by: 'ada' } },
      ])
      expect(announced.map(({ status }) => status.status)).toEqual(['held', 'held', 'published'])
      expect(announced[0]!.status.temporalRunId).toBe(view.temporalRunId)
      await keepHistory(scene.access, workflowId, 'held-and-told')
    })
  })

  it('has nobody told what no channel wants, and nobody at all of a dry run', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, {}, async ({ calls }) => {
      const byDefault = channels({ command: ['true'] })
      await scene.ended(await scene.start(target, undefined, {}, byDefault))
      await scene.ended(await scene.start(target, undefined, { dryRun: true }, everything))
      expect(calls).not.toContain('announce')
    })
  })

  it('has people told of its failure when neither warehouse nor a plan is there, and fails as itself when nobody can be told', async () => {
    const target = scene.newTarget()
    let isMute = false
    const before = (name: string): void => {
      if (name === 'planRun') throw toActivityFailure(new PermissionDenied('The warehouse is down.', 'Wait.'))
      if (name === 'announce' && isMute) throw toActivityFailure(new PermissionDenied('Not you.', 'Grant.'))
    }
    await scene.withWorkers(target, { before }, async ({ announced }) => {
      const workflowId = await scene.start(target, undefined, {}, everything)
      expect((await scene.ended(workflowId)).end).toMatchObject({
        failure: { type: 'PermissionDenied', stage: 'plan' },
      })
      expect(announced).toMatchObject([
        { status: { runKey: '', status: 'failed' }, occasion: { kind: 'failed', failure: { stage: 'plan' } } },
      ])
      isMute = true
      const muted = scene.newTarget()
      await scene.withWorkers(muted, { before }, async () => {
        const { end } = await scene.ended(await scene.start(muted, undefined, {}, everything))
        expect(end).toMatchObject({
          failure: { type: 'PermissionDenied', stage: 'plan', what: 'The warehouse is down.' },
        })
      })
    })
  })

  it('is told of as failed once more when a retry fails again, and is tried again by a reset to the last workflow task', async () => {
    const target = scene.newTarget()
    let failures = 3
    const before = (name: string): void => {
      if (name === 'publishSegmentation' && failures-- > 0)
        throw toActivityFailure(new PermissionDenied('No.', 'Allow it.'))
    }
    await scene.withWorkers(target, { before }, async ({ announced, calls }) => {
      const workflowId = await scene.start(target, undefined, {}, everything)
      expect((await scene.ended(workflowId)).end?.how).toBe('failed')
      await keepHistory(scene.access, workflowId, 'failure-told')
      await retryRun(scene.access, workflowId, { reason: 'Again.', by: 'ada' })
      expect((await scene.ended(workflowId)).end?.how).toBe('failed')
      const { client, namespace } = scene.access
      const resetToLastTask = async (): Promise<void> => {
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
        const last = events!.filter((event) => event.workflowTaskCompletedEventAttributes).at(-1)!
        await client.workflowService.resetWorkflowExecution({
          ...{ namespace, workflowExecution: { workflowId }, reason: 'last workflow task' },
          ...{ workflowTaskFinishEventId: last.eventId, requestId: randomUUID() },
        })
      }
      await resetToLastTask()
      expect((await scene.ended(workflowId)).end?.how).toBe('failed')
      await resetToLastTask()
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(calls.filter((call) => call === 'publishSegmentation')).toHaveLength(4)
      expect(announced.map(({ occasion }) => occasion.kind)).toEqual(['failed', 'failed', 'failed', 'published'])
      const executions = announced.slice(0, 3).map(({ status }) => status.temporalRunId)
      expect(new Set(executions).size).toBe(3)
    })
  })
})

describe('a notice', () => {
  /** @param failures by channel, what sending fails with, one attempt after the other */
  const sender = (failures: Readonly<Record<number, Error[]>>): NoticeActivities & { sent: number[] } => {
    const sent: number[] = []
    return {
      sent,
      sendNotice: async (_notice, { number }) => {
        sent.push(number)
        const failure = failures[number]?.shift()
        if (failure) throw toActivityFailure(failure)
      },
    }
  }
  const send = async (
    target: string,
    notices: NoticeActivities,
  ): Promise<{ workflowId: string; result: Promise<unknown> }> => {
    const told = channels({ webhook: 'https://chat.example' }, { command: ['true'] })
    const about = { targetName: target, contact: '', runbook: '', by: 'ada' }
    const start = noticesStartOf(target, testNotice(about, 'once'), told)!
    const { workflow } = scene.access.client
    return scene.withWorkers(target, { notices }, async () => {
      await workflow.start(NOTICES_WORKFLOW_TYPE, start)
      const result = workflow.getHandle(start.workflowId).result()
      await result.catch(() => undefined)
      return { workflowId: start.workflowId, result }
    })
  }

  it('goes to every channel, again to one that was down, in its own time', async () => {
    const notices = sender({ 1: [new NoticeUnavailable('It answered 429.', 'Again.', 100)] })
    const { workflowId, result } = await send(scene.newTarget(), notices)
    expect(await result).toEqual([
      { channel: 1, way: 'webhook', failure: null },
      { channel: 2, way: 'command', failure: null },
    ])
    expect([...notices.sent].sort()).toEqual([1, 1, 2])
    await keepHistory(scene.access, workflowId, 'notices-sent')
  })

  it('that one channel refuses for good reaches the others, and says which, why and what to do', async () => {
    const notices = sender({ 1: [new NoticeRefused('It answered 404.', 'Make a new one.')] })
    const { workflowId, result } = await send(scene.newTarget(), notices)
    await expect(result).rejects.toMatchObject({
      cause: {
        type: 'NoticeRefused',
        message:
          'Channel 1 (webhook): It answered 404. Make a new one. (NoticeRefused)\n1 other channel took the notice.',
      },
    })
    expect([...notices.sent].sort()).toEqual([1, 2])
    await keepHistory(scene.access, workflowId, 'notices-refused')
  })
})

describe('trouble', () => {
  it('of a stage that goes on failing is told once, and once when it is over', async () => {
    const target = scene.newTarget()
    const { client } = scene.access
    let isDown = true
    const before = (name: string): void => {
      if (name === 'extractSources' && isDown) throw toActivityFailure(new ConnectionFailed('Down.', 'Bring it up.'))
    }
    const told: string[] = []
    const notices: NoticeActivities = { sendNotice: async ({ kind, subject }) => void told.push(`${kind}: ${subject}`) }
    const definition = makeDefinition({ targetName: target, notify: everything })
    const look = async (patienceMs: number): Promise<void> => {
      const found = await findRetrying(client, await describeOpenRuns(client, target), target, Date.now(), patienceMs)
      await tellTroubles(client, target, [definition], found, Date.now())
    }
    await scene.withWorkers(target, { before, notices }, async () => {
      const workflowId = await scene.start(target, undefined, {}, everything)
      await scene.until(workflowId, ({ trouble }) => trouble !== null)
      await look(30 * 60_000)
      const begins = `retrying: [${target}] shop@2026-10-01~1 goes on failing`
      // The second attempt is under way, or waits for its turn.
      await expect.poll(async () => (await look(0), told), { timeout: 60_000 }).toEqual([begins])
      await look(0)
      isDown = false
      await retryRun(scene.access, workflowId, { reason: 'It is up.', by: 'ada' })
      await scene.ended(workflowId)
      const over = `resolved: [${target}] over: shop@2026-10-01~1 goes on failing`
      await expect.poll(async () => (await look(0), told), { timeout: 60_000 }).toEqual([begins, over])
      await look(0)
      expect(told).toEqual([begins, over])
    })
  })

  it('is a queue of a target that no worker polls', async () => {
    const target = scene.newTarget()
    const unserved = async (): Promise<readonly string[]> =>
      (await findUnserved(scene.access.client, [], target, Date.now())).map(({ trouble }) => trouble.about)
    const queues = ['workflow', 'io', 'compute'].map((kind) => `resegment-${target}-${kind}`)
    expect(await unserved()).toEqual(queues)
    await scene.withWorkers(target, {}, () => expect.poll(unserved, { timeout: 60_000 }).toEqual([]))
  })
})
