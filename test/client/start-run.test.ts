import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { describeServer } from '../../src/client/describe-server.ts'
import { findRun } from '../../src/client/find-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { RunNotFound } from '../../src/errors/run-not-found.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
import { WORKFLOW_TYPE } from '../../src/workflows/messages.ts'
import { searchAttributes } from '../../src/run/search-attributes.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

describe('a start', () => {
  it('attaches to the run that is there, and says so', async () => {
    const targetName = scene.newTarget()
    const request = { definition: makeDefinition({ targetName }), asOf: '2026-10-01', revision: 1 }
    const first = await startRun(scene.access, request)
    expect(first).toEqual({
      runKey: 'shop@2026-10-01',
      revision: 1,
      workflowId: `${targetName}/shop@2026-10-01~1`,
      attached: false,
    })
    expect(await startRun(scene.access, request)).toMatchObject({ attached: true })
    // Cancelled before any worker came: it may start again.
    await scene.access.client.workflow.getHandle(first.workflowId).terminate()
    expect(await startRun(scene.access, request)).toMatchObject({ attached: false })
    await scene.access.client.workflow.getHandle(first.workflowId).terminate()
  })

  it('of a run nobody knows is not found', async () => {
    for (const text of ['shop@2026-10-01~3', 'shop@1999-01-01', 'no-such-id'])
      await expect(findRun(scene.access, scene.newTarget(), text)).rejects.toThrow(RunNotFound)
  })
})

describe('a run is found', () => {
  it('where another revision has taken its id, since both were started like another', async () => {
    const targetName = scene.newTarget()
    const idOfFirst = `${targetName}/shop@2026-10-01~1`
    // What the UI leaves behind: the second revision under the id of the first, and the first under one of the schedule's.
    await start(targetName, idOfFirst, 'shop@2026-10-01~2')
    await start(targetName, `${targetName}/shop-2026-10-01T00:00:00Z`, 'shop@2026-10-01~1')
    const found = (text: string): Promise<string> => findRun(scene.access, targetName, text)
    await expect
      .poll(() => found('shop@2026-10-01~1').catch(() => null), { timeout: 30_000 })
      .toBe(`${targetName}/shop-2026-10-01T00:00:00Z`)
    expect(await found('shop@2026-10-01~2')).toBe(idOfFirst)
    expect(await found('shop@2026-10-01')).toBe(idOfFirst)
    expect(await found(idOfFirst)).toBe(idOfFirst)
    await expect(found('shop@2026-10-01~3')).rejects.toThrow(RunNotFound)
  })

  async function start(targetName: string, workflowId: string, run: string): Promise<void> {
    await scene.access.client.workflow.start(WORKFLOW_TYPE, {
      workflowId,
      taskQueue: taskQueuesOf(targetName).workflow,
      typedSearchAttributes: [{ key: searchAttributes.run, value: run }],
    })
  }
})

describe('the server', () => {
  it('is described for doctor', async () => {
    const { workflow } = taskQueuesOf(scene.newTarget())
    expect(await describeServer(scene.access, [workflow])).toMatchObject({
      address: scene.access.address,
      namespace: 'default',
      serverVersion: expect.stringMatching(/^\d+\.\d+/),
      missingSearchAttributes: [],
      pollers: { [workflow]: 0 },
    })
  })

  it('that does not answer is named, with a remedy', async () => {
    const connecting = connectTemporal({ TEMPORAL_ADDRESS: '127.0.0.1:1' })
    await expect(connecting).rejects.toThrow(ConnectionFailed)
    await expect(connectTemporal({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).rejects.toThrow(
      /127\.0\.0\.1:1.*TEMPORAL_ADDRESS/s,
    )
  }, 60_000)
})
