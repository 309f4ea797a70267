import { Context } from '@temporalio/activity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { cancelRun } from '../../src/client/cancel-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/plan/payload-size.ts'
import { makeDefinition } from './definition.ts'
import { keepHistory, largestPayload } from './history.ts'
import { Scene } from './scene.ts'
import type { StubOptions } from './stub-activities.ts'

const STAGES_OF_ONE_SHARD = [
  'planRun',
  'recordRun',
  'extractSources',
  'cleanseShard 0',
  'cleanseCustomers',
  'buildFeaturesShard 0',
  'buildFeatures',
  'fitClusters',
  'placeShard 0',
  'clusterCustomers',
  'validateAgainstPublished',
  'publishSegmentation',
]
const MAX_EVENTS = 100

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

describe('a run', () => {
  it('says on its page what the stage at work usually takes, and which stage took much longer than usual', async () => {
    const target = scene.newTarget()
    const earlier = (['extract', 'cleanse'] as const).map((stage) => ({ stage, rowsIn: 100, seconds: 72 }))
    const read = Promise.withResolvers<void>()
    const options: StubOptions = {
      ...{ earlierStages: [earlier, earlier, earlier], extractSeconds: 306 },
      before: (name) => (name === 'cleanseCustomers' ? read.promise : undefined),
    }
    await scene.withWorkers(target, options, async () => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ status }) => status?.stages.length === 1)
      const page = await scene.page(workflowId)
      // Beside the seconds that the activity says: what passed until it was scheduled.
      expect(page).toMatch(/^\| extract \| 100 \| 100 \| 0 \| 5 min 0\d s, usually 1 min 12 s \|$/m)
      expect(page).toContain('| cleanse |  |  |  | running, usually 1 min 12 s |')
      expect(page).toContain('| features |  |  |  |  |')
      read.resolve()
      await scene.ended(workflowId)
      expect(await scene.page(workflowId)).toMatch(/^\| cleanse \| 100 \| 100 \| 0 \| \d+\.\d s \|$/m)
    })
  })

  it('takes the stages in order, publishes, and stays under 100 events and 64 KB a payload', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, {}, async ({ calls, edges }) => {
      const workflowId = await scene.start(target)
      expect(workflowId).toBe(`${target}/shop@2026-10-01~1`)
      const { status, end } = await scene.ended(workflowId)
      expect(end).toEqual({ how: 'completed' })
      expect(status).toMatchObject({
        runKey: 'shop@2026-10-01',
        revision: 1,
        pipeline: 'shop',
        period: '2026-Q3',
        asOf: '2026-09-30T22:00:00Z',
        status: 'published',
        verdict: 'pass',
        moved: 36,
        manifestUri: 's3://bucket/manifest.json',
      })
      expect(status?.stages.map(({ stage }) => stage)).toEqual([
        'extract',
        'cleanse',
        'features',
        'cluster',
        'validate',
        'publish',
      ])
      expect(calls).toEqual(STAGES_OF_ONE_SHARD)
      // Published is recorded inside publish.
      expect(edges.map(({ state }) => state)).toEqual(['running'])
      const history = await keepHistory(scene.access, workflowId, 'published')
      expect(history.events!.length).toBeLessThan(MAX_EVENTS)
      expect(largestPayload(history)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
    })
  })

  it('names its activities, so that operators can script on them', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { shardCount: 2 }, async () => {
      const workflowId = await scene.start(target)
      await scene.ended(workflowId)
      const { events } = await scene.access.client.workflow.getHandle(workflowId).fetchHistory()
      const ids = events!.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityId ?? [])
      expect(new Set(ids)).toEqual(
        new Set(
          'plan record-running extract cleanse-0 cleanse-1 cleanse features-0 features-1 features cluster-fit cluster-0 cluster-1 cluster validate publish'.split(
            ' ',
          ),
        ),
      )
    })
  })

  it('looks for the bounds of outliers before the shards, and only where a rule asks for them', async () => {
    const target = scene.newTarget()
    const outliers = { rule: 'outliers', column: 'amount', madTimes: 5, do: 'fix' }
    const definition = makeDefinition({ targetName: target, cleanse: [outliers] })
    await scene.withWorkers(target, {}, async ({ calls }) => {
      const { workflowId } = await startRun(scene.access, { definition, asOf: '2026-10-01', revision: 1 })
      await scene.ended(workflowId)
      expect(calls).toEqual(STAGES_OF_ONE_SHARD.toSpliced(3, 0, 'planCleanse'))
    })
  })

  it('spreads 70 shards over at most 64 activities in flight', async () => {
    const target = scene.newTarget()
    let inFlight = 0
    let most = 0
    const before = async (name: string): Promise<void> => {
      if (!name.endsWith('Shard')) return
      most = Math.max(most, ++inFlight)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inFlight--
    }
    await scene.withWorkers(target, { shardCount: 70, before }, async ({ calls }) => {
      expect((await scene.ended(await scene.start(target))).end).toEqual({ how: 'completed' })
      expect(calls.filter((call) => call.startsWith('cleanseShard'))).toHaveLength(70)
      expect(most).toBeLessThanOrEqual(64)
    })
  })

  it('that is dry stops after validate and records nothing', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'fail' }, async ({ calls, edges }) => {
      const { status } = await scene.ended(await scene.start(target, undefined, { dryRun: true }))
      expect(status).toMatchObject({ status: 'dry_run', verdict: 'fail' })
      expect(calls).not.toContain('publishSegmentation')
      expect(edges).toEqual([])
    })
  })

  it('that is dry until a stage ends as a dry run after it, and says where each artifact is', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { shardCount: 2 }, async ({ calls, edges }) => {
      const options = { dryRun: true, until: 'features' } as const
      const { status, end } = await scene.ended(await scene.start(target, undefined, options))
      expect(end).toEqual({ how: 'completed' })
      expect(status).toMatchObject({ status: 'dry_run', verdict: null })
      expect(status!.stages.map(({ stage }) => stage)).toEqual(['extract', 'cleanse', 'features'])
      // By the stub's own addresses.
      expect(status!.artifacts).toEqual({
        extract: 'file:///artifacts/extract',
        cleanse: 'file:///artifacts/cleanse',
        features: 'file:///artifacts/features',
      })
      expect(calls.at(-1)).toBe('buildFeatures')
      expect(edges).toEqual([])
    })
  })

  it.each([
    ['it is out already: it ends as published', undefined, 'published'],
    ['it stops: it ends as cancelled', 'stop', 'cancelled'],
    ['it breaks: it ends as cancelled', 'break', 'cancelled'],
  ] as const)('that is cancelled while it publishes waits for the outcome. %s', async (_title, what, outcome) => {
    const target = scene.newTarget()
    let isPublishing = false
    const before = async (name: string): Promise<void> => {
      if (name !== 'publishSegmentation') return
      isPublishing = true
      const context = Context.current()
      const beat = setInterval(() => context.heartbeat(), 200)
      const cancelled = await context.cancelled.catch((error: unknown) => error)
      clearInterval(beat)
      if (what === 'stop') throw cancelled
      if (what === 'break') throw toActivityFailure(new ConnectionFailed('Down.', 'Bring it up.'))
    }
    await scene.withWorkers(target, { before }, async ({ edges }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, () => isPublishing)
      await cancelRun(scene.access, workflowId, { by: 'ada', reason: 'Wrong quarter.' })
      const { end, status } = await scene.ended(workflowId)
      expect(status?.status).toBe(outcome)
      expect(end).toEqual({ how: outcome === 'published' ? 'completed' : 'cancelled' })
      expect(edges.map(({ state }) => state)).toEqual(outcome === 'published' ? ['running'] : ['running', 'cancelled'])
    })
  })

  it('that is cancelled records so, and ends cancelled', async () => {
    const target = scene.newTarget()
    const before = async (name: string): Promise<void> => {
      if (name === 'buildFeatures') throw toActivityFailure(new ConnectionFailed('Down.', 'Bring it up.'))
    }
    await scene.withWorkers(target, { before }, async ({ edges }) => {
      const workflowId = await scene.start(target)
      const { trouble } = await scene.until(workflowId, (view) => view.trouble !== null)
      expect(trouble).toMatchObject({ activityId: 'features', type: 'ConnectionFailed', message: 'Down. Bring it up.' })
      await cancelRun(scene.access, workflowId, { by: 'ada', reason: 'Wrong quarter.' })
      const { end, status } = await scene.ended(workflowId)
      expect(end).toEqual({ how: 'cancelled' })
      expect(status?.status).toBe('cancelled')
      expect(edges.map(({ state }) => state)).toEqual(['running', 'cancelled'])
    })
  })
})
