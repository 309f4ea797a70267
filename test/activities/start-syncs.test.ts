import { describe, expect, it } from 'vitest'
import type { WorkflowStarter } from '../../src/activities/start-once.ts'
import { startSyncs } from '../../src/activities/start-syncs.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { PublishedPlan } from '../../src/ports/destination.ts'
import { makeDefinition } from '../workflows/definition.ts'

const activate = {
  crm: { kind: 'table', connection: 'warehouse', table: 'crm.members' },
  app: { kind: 'table', connection: 'warehouse', table: 'app.members' },
} as const

/** @param failing by Workflow Id */
async function start(
  definition: Definition,
  failing: Readonly<Record<string, Error>> = {},
): Promise<Record<string, unknown>[]> {
  const started: Record<string, unknown>[] = []
  const workflows = {
    start: (type: string, options: { workflowId: string }) => {
      const failure = failing[options.workflowId]
      if (failure) return Promise.reject(failure)
      started.push({ type, ...options })
      return Promise.resolve({})
    },
  }
  const plan = { definition, runKey: 'shop@2026-10-01', revision: 2 } as PublishedPlan
  await startSyncs(workflows as unknown as WorkflowStarter, plan, 's3://store/validate')
  return started
}

describe('startSyncs', () => {
  const plain = makeDefinition({ targetName: 'prod' })
  const definition = { ...plain, pipeline: { ...plain.pipeline, activate } }

  it('starts a workflow a destination, each with all that it needs', async () => {
    const started = await start(definition)
    expect(started.map(({ workflowId }) => workflowId)).toEqual([
      'sync/shop/shop@2026-10-01~2/crm',
      'sync/shop/shop@2026-10-01~2/app',
    ])
    expect(started[0]).toMatchObject({
      type: 'syncDestination',
      taskQueue: 'resegment-workflow',
      args: [
        {
          definition,
          runKey: 'shop@2026-10-01',
          revision: 2,
          destination: 'crm',
          validationUri: 's3://store/validate',
        },
      ],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  })

  it('leaves those alone that were started before, and starts those that were not', async () => {
    const before = Object.assign(new Error('there'), { name: 'WorkflowExecutionAlreadyStartedError' })
    const started = await start(definition, { 'sync/shop/shop@2026-10-01~2/crm': before })
    expect(started.map(({ workflowId }) => workflowId)).toEqual(['sync/shop/shop@2026-10-01~2/app'])
  })

  it('fails with the server, so that publishing is tried again', async () => {
    const broken = new Error('unavailable')
    await expect(start(definition, { 'sync/shop/shop@2026-10-01~2/crm': broken })).rejects.toThrow('unavailable')
  })

  it('starts nothing for a pipeline without destinations', async () => {
    expect(await start(plain)).toEqual([])
  })
})
