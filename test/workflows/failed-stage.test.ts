import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/activity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { retryRun } from '../../src/client/retry-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { PermissionDenied } from '../../src/errors/permission-denied.ts'
import { SourceEmpty } from '../../src/errors/source-empty.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'

/** Of stages with several activities. */
const firstOfStage: Readonly<Record<string, string>> = {
  ...{ cleanseCustomers: 'cleanseShard', buildFeatures: 'buildFeaturesShard' },
  ...{ placeShard: 'fitClusters', clusterCustomers: 'fitClusters' },
}

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

describe('a failed stage', () => {
  it('says stage, cause, remedy, whom to call and the event to reset to; the reset runs that stage and no other again', async () => {
    const target = scene.newTarget()
    let isBroken = true
    const before = (name: string): void => {
      if (name === 'clusterCustomers' && isBroken)
        throw toActivityFailure(new PermissionDenied('The store refuses.', 'Give the worker its key.'))
    }
    await scene.withWorkers(target, { before }, async ({ calls, edges }) => {
      const workflowId = await scene.start(target)
      const { end, status } = await scene.ended(workflowId)
      if (end?.how !== 'failed') throw new Error('It did not fail.')
      expect(end.message).toBe(
        [
          'Stage cluster failed (PermissionDenied): The store refuses.',
          'Give the worker its key.',
          `Retry: Reset to event ${end.failure!.resetEventId}, or \`resegment retry shop@2026-10-01~1 --target ${target}\`.`,
          'Call growth-data, #growth-data. Runbook: https://wiki.example/segments',
        ].join('\n'),
      )
      expect(end.failure).toMatchObject({ stage: 'cluster', type: 'PermissionDenied', recovery: 'retry' })
      expect(status?.status).toBe('failed')
      expect(edges.at(-1)).toMatchObject({ state: 'failed', failure: end.message })
      await keepHistory(scene.access, workflowId, 'failed')

      isBroken = false
      const before = calls.length
      const retried = await retryRun(scene.access, workflowId, { reason: 'The key is there.', by: 'ada' })
      expect(retried).toMatchObject({ how: 'reset', eventId: end.failure!.resetEventId })
      const after = await scene.ended(workflowId)
      expect(after.status).toMatchObject({ status: 'published', temporalRunId: after.temporalRunId })
      expect(calls.slice(before)).toEqual([
        'fitClusters',
        'placeShard 0',
        'clusterCustomers',
        'validateAgainstPublished',
        'publishSegmentation',
      ])
      await keepHistory(scene.access, workflowId, 'reset')
    })
  })

  it('names an event from which it and the stages after it run again, whichever stage it is', async () => {
    const target = scene.newTarget()
    const failing = [
      ...([
        'planRun',
        'extractSources',
        'cleanseShard',
        'cleanseCustomers',
        'buildFeaturesShard',
        'buildFeatures',
      ] as const),
      ...([
        'fitClusters',
        'placeShard',
        'clusterCustomers',
        'validateAgainstPublished',
        'publishSegmentation',
      ] as const),
    ]
    const broken = new Set<string>(failing)
    const before = (name: string): void => {
      if (broken.has(name)) throw toActivityFailure(new PermissionDenied(`No ${name}.`, 'Allow it.'))
    }
    await scene.withWorkers(target, { before }, async ({ calls }) => {
      const workflowId = await scene.start(target)
      for (const name of failing) {
        const { end } = await scene.ended(workflowId)
        if (end?.how !== 'failed') throw new Error(`${name} did not fail.`)
        expect(end.failure).toMatchObject({ what: `No ${name}.`, recovery: 'retry' })
        broken.delete(name)
        const done = calls.length
        await retryRun(scene.access, workflowId, { reason: 'It is allowed.', by: 'ada' })
        await scene.ended(workflowId)
        // Of a stage of several activities the reset repeats all: shards find what they committed.
        expect(calls[done]!.split(' ')[0]).toBe(firstOfStage[name] ?? name)
      }
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
    })
  })

  it('is tried again by a reset to the last workflow task too', async () => {
    const target = scene.newTarget()
    let failures = 2
    const before = (name: string): void => {
      if (name === 'publishSegmentation' && failures-- > 0)
        throw toActivityFailure(new PermissionDenied('No.', 'Allow it.'))
    }
    await scene.withWorkers(target, { before }, async ({ calls }) => {
      const workflowId = await scene.start(target)
      const resetToLastTask = async (): Promise<void> => {
        const { client, namespace } = scene.access
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
        const last = events!
          .filter(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes)
          .at(-1)!
        await client.workflowService.resetWorkflowExecution({
          namespace,
          workflowExecution: { workflowId },
          reason: 'last workflow task',
          workflowTaskFinishEventId: last.eventId,
          requestId: randomUUID(),
        })
      }
      expect((await scene.ended(workflowId)).end?.how).toBe('failed')
      await resetToLastTask()
      expect((await scene.ended(workflowId)).end?.how).toBe('failed')
      await resetToLastTask()
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(calls.filter((call) => call === 'publishSegmentation')).toHaveLength(3)
      expect(calls.filter((call) => call === 'extractSources')).toHaveLength(1)
      await keepHistory(scene.access, workflowId, 'reset-to-last-task')
    })
  })

  it('whose source had to change says how to rerun, and a retry of it is refused', async () => {
    const target = scene.newTarget()
    const before = (name: string): void => {
      if (name === 'extractSources') throw toActivityFailure(new SourceEmpty('No row.', 'Load it.'))
    }
    await scene.withWorkers(target, { before }, async () => {
      const workflowId = await scene.start(target)
      const { end } = await scene.ended(workflowId)
      expect(end?.how === 'failed' && end.message).toContain(
        `Rerun: Start Workflow Like This One with revision: next, or \`resegment run shop --as-of 2026-10-01 --revision next --target ${target}\`.`,
      )
      await expect(retryRun(scene.access, workflowId, { reason: 'r', by: 'ada' })).rejects.toThrow(
        /would read the old artifacts/,
      )
      // What happened is said again: who starts it once more has not seen it.
      await expect(scene.start(target)).rejects.toThrow(
        `Run shop@2026-10-01~1 failed before, in stage extract (SourceEmpty): No row. Load it. Rerun: Start Workflow Like This One with revision: next, or \`resegment run shop --as-of 2026-10-01 --revision next --target ${target}\`.`,
      )
    })
  })

  it('keeps the page in the UI telling what to do next', async () => {
    const target = scene.newTarget()
    const before = (name: string): void => {
      if (name === 'cleanseShard') throw ApplicationFailure.nonRetryable('odd ``` text', 'Odd')
    }
    await scene.withWorkers(target, { before }, async () => {
      const workflowId = await scene.start(target)
      await scene.ended(workflowId)
      const metadata = await scene.access.client.workflow
        .getHandle(workflowId)
        .query<{ currentDetails: string }>('__temporal_workflow_metadata')
      expect(metadata.currentDetails).toContain(
        '### What to do next\n\n**Stage cleanse failed** (Odd): odd \\`\\`\\` text\n\n',
      )
      expect(metadata.currentDetails).toContain('| cleanse |  |  |  | failed |')
    })
  })

  it('is also a gate that failed: nothing is published', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'fail' }, async ({ calls, edges }) => {
      const { end, status } = await scene.ended(await scene.start(target))
      expect(end).toMatchObject({
        how: 'failed',
        failure: { type: 'GateFailed', stage: 'validate', recovery: 'rerun' },
      })
      expect(status).toMatchObject({ status: 'failed', verdict: 'fail' })
      expect(calls).not.toContain('publishSegmentation')
      expect(edges.map(({ state }) => state)).toEqual(['running', 'failed'])
    })
  })

  it('ends as itself when the warehouse cannot record it', async () => {
    const target = scene.newTarget()
    const before = (name: string, args: readonly unknown[]): void => {
      if (name === 'extractSources') throw toActivityFailure(new SourceEmpty('No row.', 'Load it.'))
      if (name === 'recordRun' && (args[1] as { state: string }).state === 'failed')
        throw toActivityFailure(new PermissionDenied('Not you.', 'Grant.'))
    }
    await scene.withWorkers(target, { before }, async () => {
      expect((await scene.ended(await scene.start(target))).end).toMatchObject({
        how: 'failed',
        failure: { type: 'SourceEmpty' },
      })
    })
  })
})

describe('a retry', () => {
  it('of a stage that waits for its next attempt makes it at once', async () => {
    const target = scene.newTarget()
    let isDown = true
    const before = (name: string): void => {
      if (name === 'extractSources' && isDown) throw toActivityFailure(new ConnectionFailed('Down.', 'Bring it up.'))
    }
    await scene.withWorkers(target, { before }, async ({ calls }) => {
      const workflowId = await scene.start(target)
      await expect(retryRun(scene.access, workflowId, { reason: 'r', by: 'ada' })).rejects.toThrow(
        /no stage of it has failed/,
      )
      await scene.until(workflowId, ({ trouble }) => trouble !== null)
      isDown = false
      expect(await retryRun(scene.access, workflowId, { reason: 'It is up.', by: 'ada' })).toEqual({
        how: 'attempt-now',
        activityIds: ['extract'],
      })
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(calls.filter((call) => call === 'extractSources')).toHaveLength(2)
    })
  })

  it('from a stage of a run that is complete goes through that stage and the later ones again', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, {}, async ({ calls }) => {
      const workflowId = await scene.start(target)
      await scene.ended(workflowId)
      await expect(retryRun(scene.access, workflowId, { reason: 'r', by: 'ada' })).rejects.toThrow(/is complete/)
      const done = calls.length
      await retryRun(scene.access, workflowId, { from: 'validate', reason: 'Look again.', by: 'ada' })
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(calls.slice(done)).toEqual(['validateAgainstPublished', 'publishSegmentation'])
    })
  })
})
