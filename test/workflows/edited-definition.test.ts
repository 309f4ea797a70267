import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ValidatedRefs } from '../../src/activities/activities.ts'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { ConfigInvalid } from '../../src/errors/config-invalid.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'
import type { StubOptions } from './stub-activities.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

const isKeeping = (plan: unknown): boolean => (plan as RunPlan).options.refit === 'never'

describe('a run whose definition asks for other features than the live model reads', () => {
  const liveFeatures = { features: ['recency' as const] }

  it('builds those of the live model beside, shard by shard, after the candidate and before the comparison', async () => {
    const target = scene.newTarget()
    const built: unknown[] = []
    const options: StubOptions = {
      ...{ shardCount: 2, liveFeatures },
      before: (name, [plan, refs]) => {
        if (name === 'buildFeaturesShard' && isKeeping(plan)) built.push((plan as RunPlan).definition.pipeline.features)
        if (name === 'validateAgainstPublished') built.push((refs as ValidatedRefs).live)
      },
    }
    await scene.withWorkers(target, options, async ({ calls }) => {
      const workflowId = await scene.start(target)
      await scene.ended(workflowId)
      expect(calls.slice(calls.indexOf('clusterCustomers'))).toEqual([
        'clusterCustomers',
        expect.stringMatching(/^buildFeaturesShard [01]$/),
        expect.stringMatching(/^buildFeaturesShard [01]$/),
        'buildFeatures',
        'validateAgainstPublished',
        'publishSegmentation',
      ])
      expect(built).toEqual([
        ['recency'],
        ['recency'],
        { features: expect.objectContaining({ stage: 'features' }) as object },
      ])
      await keepHistory(scene.access, workflowId, 'edited-definition')
    })
  })

  it('places customers by the live model on what that was made from, when it is held', async () => {
    const target = scene.newTarget()
    const placedBy: unknown[] = []
    const options: StubOptions = {
      ...{ verdict: 'hold', byLiveModel: 'pass', liveFeatures },
      before: (name, [plan]) => {
        if (name === 'fitClusters') placedBy.push((plan as RunPlan).definition.pipeline.features)
      },
    }
    await scene.withWorkers(target, options, async () => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
      expect(placedBy).toHaveLength(2)
      expect(placedBy[1]).toEqual(['recency'])
    })
  })

  it('goes on without, and says why, where the old SQL reads what is gone', async () => {
    const target = scene.newTarget()
    let compared: ValidatedRefs | undefined
    const options: StubOptions = {
      liveFeatures,
      before: (name, [plan, refs]) => {
        if (name === 'buildFeaturesShard' && isKeeping(plan))
          throw toActivityFailure(new ConfigInvalid('features reads points, which is no column.', 'Correct it.'))
        if (name === 'validateAgainstPublished') compared = refs as ValidatedRefs
      },
    }
    await scene.withWorkers(target, options, async () => {
      const { end, status } = await scene.ended(await scene.start(target))
      expect(end).toEqual({ how: 'completed' })
      expect(status?.status).toBe('published')
      expect(compared?.live).toEqual({
        problem: expect.stringContaining('reads points, which is no column.') as string,
      })
    })
  })
})
