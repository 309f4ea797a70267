import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareSchedules, deploySchedules } from '../../src/client/schedules.ts'
import { findRun } from '../../src/client/find-run.ts'
import { readRun } from '../../src/client/read-run.ts'
import { describeServer } from '../../src/client/describe-server.ts'
import { connectTemporal } from '../../src/client/connect.ts'
import { startRun } from '../../src/client/start-run.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import { RunNotFound } from '../../src/errors/run-not-found.ts'
import { lastPeriodEnd, runKeyOf } from '../../src/plan/period.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { taskQueuesOf } from '../../src/plan/target-names.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'

let scene: Scene
const made: string[] = []
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(async () => {
  for (const scheduleId of made)
    await scene.access.client.schedule
      .getHandle(scheduleId)
      .delete()
      .catch(() => undefined)
  await scene.close()
})

async function deploy(targetName: string, definitions: readonly Definition[]) {
  const changes = await compareSchedules(scene.access, targetName, definitions)
  await deploySchedules(scene.access, changes)
  made.push(...changes.filter(({ action }) => action === 'create').map(({ scheduleId }) => scheduleId))
  return changes.map(({ scheduleId, action, differences }) => ({ scheduleId, action, differences }))
}

describe('deploy', () => {
  it('creates, finds unchanged, updates and deletes schedules, saying what differs', async () => {
    const targetName = scene.newTarget()
    const scheduleId = `resegment-${targetName}-shop`
    const definition = makeDefinition({ targetName })
    expect(await deploy(targetName, [definition])).toEqual([{ scheduleId, action: 'create', differences: [] }])
    expect(await deploy(targetName, [definition])).toEqual([{ scheduleId, action: 'unchanged', differences: [] }])

    const handle = scene.access.client.schedule.getHandle(scheduleId)
    const { info, policies, action } = await handle.describe()
    expect(policies).toEqual({ overlap: 'BUFFER_ONE', catchupWindow: 30 * 86_400_000, pauseOnFailure: false })
    expect(action).toMatchObject({ workflowId: scheduleId, taskQueue: `resegment-${targetName}-workflow` })
    expect(action.retry).toBeUndefined()
    // 06:00 in Berlin on the first day of a quarter: 04:00Z in summer, 05:00Z in winter.
    for (const time of info.nextActionTimes.map((next) => next.toISOString()))
      expect(time).toMatch(/^\d{4}-(01-01T05|04-01T04|07-01T04|10-01T04):00:00\.000Z$/)

    await handle.pause('maintenance')
    const edited = makeDefinition({ targetName, description: 'Edited.', refit: 'month', zone: 'UTC' })
    const [update] = await deploy(targetName, [edited])
    expect(update).toMatchObject({ action: 'update' })
    expect(update!.differences).toEqual([
      expect.stringMatching(/^starts: JANUARY APRIL JULY OCTOBER, 06:00 → JANUARY FEBRUARY .*DECEMBER, 06:00$/),
      'zone: Europe/Berlin → UTC',
      'the definition was edited',
    ])
    expect(await deploy(targetName, [edited])).toMatchObject([{ action: 'unchanged' }])
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'maintenance' })

    expect(await deploy(targetName, [])).toEqual([{ scheduleId, action: 'delete', differences: [] }])
    expect(await deploy(targetName, [])).toEqual([])
  })

  it('makes runs that look from the end of the last period, in the zone, and are found by their run key', async () => {
    const targetName = scene.newTarget()
    await deploy(targetName, [makeDefinition({ targetName })])
    const handle = scene.access.client.schedule.getHandle(`resegment-${targetName}-shop`)
    await scene.withWorkers(targetName, {}, async () => {
      await handle.backfill({
        start: new Date('2026-10-01T03:59:00Z'),
        end: new Date('2026-10-01T04:01:00Z'),
        overlap: 'BUFFER_ALL',
      })
      const workflowId = await eventually(() => findRun(scene.access, targetName, 'shop@2026-10-01~1'))
      expect(workflowId).toBe(`resegment-${targetName}-shop-2026-10-01T04:00:00Z`)
      expect(await eventually(() => findRun(scene.access, targetName, 'shop@2026-10-01'))).toBe(workflowId)
      const view = await eventually(async () => {
        const found = await readRun(scene.access, workflowId)
        if (!found.end) throw new Error('It runs.')
        return found
      })
      expect(view.status).toMatchObject({
        runKey: 'shop@2026-10-01',
        asOf: '2026-09-30T22:00:00Z',
        period: '2026-Q3',
        status: 'published',
      })
    })
  })
})

describe('score runs', () => {
  const scores = { targetName: '', score: 'day' } as const

  it('have a schedule of their own, that leaves the instants of refits out, and goes when it is not wanted any more', async () => {
    const targetName = scene.newTarget()
    const scheduleId = `resegment-${targetName}-shop.score`
    const definition = makeDefinition({ ...scores, targetName })
    expect(await deploy(targetName, [definition])).toMatchObject([
      { action: 'create' },
      { scheduleId, action: 'create' },
    ])
    expect(await deploy(targetName, [definition])).toMatchObject([{ action: 'unchanged' }, { action: 'unchanged' }])
    const handle = scene.access.client.schedule.getHandle(scheduleId)
    const { policies, action } = await handle.describe()
    expect(policies).toMatchObject({ overlap: 'CANCEL_OTHER', catchupWindow: 30 * 86_400_000 })
    expect(action).toMatchObject({ workflowId: scheduleId })

    const [, update] = await deploy(targetName, [makeDefinition({ targetName, score: 'week' })])
    expect(update!.differences).toEqual([
      'starts: After each day, but not after a quarter., 06:00 → After each week, but not after a quarter., 06:00',
      'the definition was edited',
    ])
    expect(await deploy(targetName, [makeDefinition({ targetName })])).toMatchObject([
      { action: 'update' },
      { scheduleId, action: 'delete' },
    ])
  })

  it('look from the start of their day, and are skipped where the refit runs', async () => {
    const targetName = scene.newTarget()
    await deploy(targetName, [makeDefinition({ ...scores, targetName })])
    const scheduleId = `resegment-${targetName}-shop.score`
    await scene.withWorkers(targetName, {}, async () => {
      // From the evening of 30 September to the morning of 2 October, in Berlin.
      await scene.access.client.schedule.getHandle(scheduleId).backfill({
        start: new Date('2026-09-30T18:00:00Z'),
        end: new Date('2026-10-02T04:01:00Z'),
        overlap: 'BUFFER_ALL',
      })
      const workflowId = await eventually(() => findRun(scene.access, targetName, 'shop@2026-10-02.score'))
      expect(workflowId).toBe(`${scheduleId}-2026-10-02T04:00:00Z`)
      const status = (await scene.access.client.workflow.getHandle(workflowId).result()) as RunStatus
      expect(status).toMatchObject({ kind: 'score', asOf: '2026-10-01T22:00:00Z', status: 'published' })
      await expect(findRun(scene.access, targetName, 'shop@2026-10-01.score')).rejects.toThrow(RunNotFound)
    })
  })
})

describe('a triggered schedule', () => {
  it('runs as of the end of the last period, however late in the next one it is triggered', async () => {
    const targetName = scene.newTarget()
    const definition = makeDefinition({ targetName })
    await deploy(targetName, [definition])
    const asOf = lastPeriodEnd(definition.pipeline, new Date().toISOString())
    await scene.withWorkers(targetName, {}, async () => {
      await scene.access.client.schedule.getHandle(`resegment-${targetName}-shop`).trigger()
      const workflowId = await eventually(() => findRun(scene.access, targetName, runKeyOf(definition.pipeline, asOf)))
      const { asOf: seen } = (await scene.access.client.workflow.getHandle(workflowId).result()) as RunStatus
      expect(seen).toBe(asOf)
    })
  })
})

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

async function eventually<T>(look: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
