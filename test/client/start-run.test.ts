import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTemporal } from '../../src/client/connect.ts'
import { describeServer } from '../../src/client/describe-server.ts'
import { findRun } from '../../src/client/find-run.ts'
import { startRun } from '../../src/client/start-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { RunNotFound } from '../../src/errors/run-not-found.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
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
