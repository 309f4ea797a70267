import { afterAll, beforeAll, expect, it } from 'vitest'
import { findUnserved } from '../../src/activities/find-unserved.ts'
import { describeOpenRuns } from '../../src/activities/open-runs.ts'
import { describeServer } from '../../src/client/describe-server.ts'
import { readRun } from '../../src/client/read-run.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
import { missingWorkers } from '../../src/run/worker-version.ts'
import { WORKFLOW_TYPE } from '../../src/workflows/messages.ts'
import { Scene } from '../workflows/scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

it('workers of a version that is not current serve no new run, and none that is pinned to another version', async () => {
  const target = scene.newTarget()
  const { workflow: queue } = taskQueuesOf(target)
  const [v1, v2] = ['v1', 'v2'].map((buildId) => ({ deployment: target, buildId }))
  const { access } = scene
  const missing = async () => (await describeServer(access, [queue])).routing.flatMap(missingWorkers)
  const noneSpare = { queue, version: null, isPolled: true }
  await scene.withWorkers(target, { version: v1! }, async () => {
    await expect.poll(missing, { timeout: 30_000 }).toEqual([noneSpare])

    const workflowId = `${target}/shop@2026-10-01~1`
    const start = { taskQueue: queue, workflowId }
    const waiting = await access.client.workflow.start(WORKFLOW_TYPE, start)
    expect(await readRun(access, workflowId)).toMatchObject({ version: null, status: null, missing: [noneSpare] })
    await waiting.terminate()

    const pinnedTo = { deploymentName: target, buildId: 'v2' }
    const pinned = await access.client.workflow.start(WORKFLOW_TYPE, { ...start, versioningOverride: { pinnedTo } })
    expect(await readRun(access, workflowId)).toMatchObject({
      version: { ...v2, isPinned: true },
      missing: [{ queue, version: v2, isPolled: true }],
    })
    const ofRuns = async () =>
      (await findUnserved(access.client, await describeOpenRuns(access.client, target), target, Date.now())).flatMap(
        ({ trouble: { run, what } }) => (run ? what : []),
      )
    // The list of workflows is a moment behind.
    await expect
      .poll(ofRuns, { timeout: 30_000 })
      .toEqual([expect.stringMatching(`^No worker of version ${target}:v2 polls .*: shop@2026-10-01~1, which ends`)])
    await pinned.terminate()
  })
})
