import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import type { SyncActivities } from '../../src/activities/sync-activities.ts'
import { followSync, type SyncEnd } from '../../src/client/follow-sync.ts'
import { findRun } from '../../src/client/find-run.ts'
import { startSync } from '../../src/client/start-sync.ts'
import { DestinationRefused } from '../../src/errors/destination-refused.ts'
import { DestinationUnavailable } from '../../src/errors/destination-unavailable.ts'
import type { SyncInput } from '../../src/plan/sync-input.ts'
import type { SyncState, SyncStatus } from '../../src/run/activation.ts'
import { makeDefinition } from './definition.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

interface Stubs extends SyncActivities {
  readonly calls: string[]
}

/** @param failures what sending fails with, one attempt after the other */
function makeSync(planned: SyncState, failures: readonly Error[] = []): Stubs {
  const calls: string[] = []
  const left = [...failures]
  const statusOf = (input: SyncInput, state: SyncState, sent: number): SyncStatus => ({
    ...{ pipeline: 'shop', destination: input.destination, runKey: input.runKey, revision: input.revision },
    ...{ state, effects: 1_200, sent, failed: 0 },
  })
  return {
    calls,
    async planSync() {
      calls.push('plan')
      const counts = { effects: planned === 'superseded' ? 0 : 1_200, sent: 0, batchCount: 3 }
      return { syncId: 7, state: planned, asOf: '2026-09-30T22:00:00.000Z', isFull: false, ...counts }
    },
    async sendEffects(input) {
      calls.push('send')
      const failure = left.shift()
      if (failure) throw toActivityFailure(failure)
      return statusOf(input, 'sent', 1_200)
    },
    async recordSync(input, _planned, failure) {
      calls.push(`record ${failure}`)
      return statusOf(input, 'failed', 500)
    },
  }
}

function inputOf(targetName: string): SyncInput {
  const definition = makeDefinition({ targetName })
  return { definition, runKey: 'shop@2026-10-01', revision: 1, destination: 'crm', validationUri: null }
}

const follow = (workflowId: string): Promise<SyncEnd | null> =>
  followSync(scene.access, workflowId, () => undefined, new AbortController().signal)
const describeOf = (workflowId: string) => scene.access.client.workflow.getHandle(workflowId).describe()

describe('a sync', () => {
  it('plans, tells, and is found beside the run it is of', async () => {
    const target = scene.newTarget()
    const sync = makeSync('running')
    await scene.withWorkers(target, { sync }, async () => {
      const run = await scene.start(target)
      await scene.ended(run)
      const workflowId = await startSync(scene.access, inputOf(target))
      expect(workflowId).toBe(`${target}/sync/shop/shop@2026-10-01~1/crm`)
      expect(await follow(workflowId)).toMatchObject({ how: 'completed', status: { state: 'sent', sent: 1_200 } })
      expect(sync.calls).toEqual(['plan', 'send'])
      const attributes = (await describeOf(workflowId)).typedSearchAttributes
        .getAll()
        .map(({ key, value }) => [key.name, value])
      expect(Object.fromEntries(attributes)).toMatchObject({
        ...{ ResegmentPipeline: 'shop', ResegmentRun: 'shop@2026-10-01~1' },
        ...{ ResegmentStage: 'sync crm', ResegmentOutcome: 'sent' },
      })
      expect(await (await describeOf(workflowId)).staticSummary()).toBe('Changes of shop@2026-10-01~1 to crm')
      // What people mean by the name of a run is the run.
      expect(await findRun(scene.access, target, 'shop@2026-10-01')).toBe(run)
      await keepHistory(scene.access, workflowId, 'sync-sent')
    })
  })

  it('attaches to one that runs, and sends again what is pending once that has ended', async () => {
    const target = scene.newTarget()
    const sync = makeSync('running', [new DestinationUnavailable('The webhook answered 429.', 'Again.', 1_000)])
    await scene.withWorkers(target, { sync }, async () => {
      const [first, second] = await Promise.all([
        startSync(scene.access, inputOf(target)),
        startSync(scene.access, inputOf(target)),
      ])
      expect(first).toBe(second)
      await follow(first)
      // It asked for a second, instead of the five that attempts are apart.
      expect(sync.calls).toEqual(['plan', 'send', 'send'])
      await follow(await startSync(scene.access, inputOf(target)))
      expect(sync.calls).toEqual(['plan', 'send', 'send', 'plan', 'send'])
    })
  })

  it('says when it fails what to type, whom to call, and records it', async () => {
    const target = scene.newTarget()
    const sync = makeSync('running', [new DestinationRefused('The webhook refused with status 401.', 'Check its key.')])
    await scene.withWorkers(target, { sync }, async () => {
      const workflowId = await startSync(scene.access, inputOf(target))
      expect(await follow(workflowId)).toEqual({
        how: 'failed',
        type: 'DestinationRefused',
        message: [
          'Destination crm failed (DestinationRefused): The webhook refused with status 401.',
          'Check its key.',
          `Then send what is pending: \`resegment sync shop@2026-10-01~1 --destination crm --target ${target}\`.`,
          'Call growth-data, #growth-data.',
        ].join('\n'),
      })
      expect(sync.calls.at(-1)).toBe(
        'record Destination crm failed (DestinationRefused): The webhook refused with status 401.',
      )
      await keepHistory(scene.access, workflowId, 'sync-failed')
    })
  })

  it('ends at once where a newer run has taken over', async () => {
    const target = scene.newTarget()
    const sync = makeSync('superseded')
    await scene.withWorkers(target, { sync }, async () => {
      const workflowId = await startSync(scene.access, inputOf(target))
      expect(await follow(workflowId)).toMatchObject({ how: 'completed', status: { state: 'superseded' } })
      expect(sync.calls).toEqual(['plan'])
      await keepHistory(scene.access, workflowId, 'sync-superseded')
    })
  })
})
