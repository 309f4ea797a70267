import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRun } from '../../src/client/find-run.ts'
import { readRun } from '../../src/client/read-run.ts'
import { RunNotFound } from '../../src/errors/run-not-found.ts'
import { lastPeriodEnd, runKeyOf } from '../../src/plan/period.ts'
import type { RunStatus } from '../../src/run/run-status.ts'
import { makeDefinition } from '../workflows/definition.ts'
import { Scene } from '../workflows/scene.ts'
import { Deploying, eventually, scheduled } from './deploying.ts'

let scene: Scene
let deploying: Deploying
const deploy = (...[target, definitions, choices]: Parameters<Deploying['deploy']>) =>
  deploying.deploy(target, definitions, choices)
beforeAll(async () => {
  scene = await Scene.open()
  deploying = new Deploying(scene)
})
afterAll(() => deploying.close())

describe('deploy', () => {
  it('creates, finds unchanged, updates and deletes schedules, saying what differs', async () => {
    const targetName = scene.newTarget()
    const scheduleId = `resegment-${targetName}-shop`
    const definition = makeDefinition({ targetName })
    expect(await deploy(targetName, [definition])).toEqual([{ scheduleId, action: 'create' }])
    expect(await deploy(targetName, [definition])).toEqual([{ scheduleId, action: 'unchanged' }])

    const handle = scene.access.client.schedule.getHandle(scheduleId)
    const { info, policies, action, state, typedSearchAttributes } = await handle.describe()
    // What people see of it in the UI of Temporal, and find it by.
    expect(state).toMatchObject({ paused: false, note: expect.stringContaining('every quarter. Change it') as string })
    expect(typedSearchAttributes.get({ name: 'ResegmentPipeline', type: 'KEYWORD' })).toBe('shop')
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
      'starts: months JANUARY, APRIL, JULY, OCTOBER days 1 at 06:00 → days 1 at 06:00',
      'zone: Europe/Berlin → UTC',
      'the definition was edited',
    ])
    expect(await deploy(targetName, [edited])).toMatchObject([{ action: 'unchanged' }])
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'maintenance' })

    expect(await deploy(targetName, [])).toEqual([{ scheduleId, action: 'orphan' }])
    expect(await deploy(targetName, [], { deleteOrphans: true })).toEqual([{ scheduleId, action: 'delete' }])
    expect(await deploy(targetName, [], { deleteOrphans: true })).toEqual([])
  })

  it('tells what somebody changed in the UI from what was edited, and puts both right', async () => {
    const targetName = scene.newTarget()
    const scheduleId = `resegment-${targetName}-shop`
    await deploy(targetName, [makeDefinition({ targetName })])
    const handle = scene.access.client.schedule.getHandle(scheduleId)
    await handle.update((was) => ({
      ...was,
      spec: { ...was.spec, calendars: [{ dayOfMonth: 3, hour: 9 }] },
      policies: { ...was.policies, pauseOnFailure: true },
      action: { ...was.action, args: [{ asOf: '1999-01-01' }], workflowExecutionTimeout: '1 hour' } as never,
    }))
    const definition = makeDefinition({ targetName, zone: 'UTC' })
    expect(await deploy(targetName, [definition])).toEqual([
      {
        scheduleId,
        action: 'update',
        differences: ['zone: Europe/Berlin → UTC'],
        drift: [
          'starts: days 3 at 09:00 → months JANUARY, APRIL, JULY, OCTOBER days 1 at 06:00',
          'on failure: it pauses → it goes on',
          'limits: workflowExecutionTimeout 3600000 → none',
          'what its runs are started with',
        ],
      },
    ])
    expect(await deploy(targetName, [definition])).toEqual([{ scheduleId, action: 'unchanged' }])
    await handle.delete()
    expect(await deploy(targetName, [definition])).toEqual([
      { scheduleId, action: 'create', drift: ['somebody deleted it in Temporal'] },
    ])
  })

  it('keeps a pause that people made until told otherwise, and one of the project as long as the project says so', async () => {
    const targetName = scene.newTarget()
    const scheduleId = `resegment-${targetName}-shop`
    const running = makeDefinition({ targetName })
    const paused = scheduled(running, { paused: 'New shop system.' })
    const ofProject = { by: 'project', note: 'New shop system. (schedule.paused of the pipeline)' }
    expect(await deploy(targetName, [paused])).toEqual([{ scheduleId, action: 'create', pause: ofProject }])
    const handle = scene.access.client.schedule.getHandle(scheduleId)
    expect((await handle.describe()).state).toMatchObject({ paused: true, note: ofProject.note })
    expect(await deploy(targetName, [running])).toMatchObject(
      [
        {
          action: 'update',
          differences: [`pause: paused (${ofProject.note}) → runs`, 'the definition was edited'].sort(),
        },
      ].map((one) => ({ ...one, differences: expect.arrayContaining(one.differences) as unknown })),
    )
    expect((await handle.describe()).state.paused).toBe(false)

    await handle.pause('Stocktaking')
    const ofPeople = { by: 'people', note: 'Stocktaking' }
    expect(await deploy(targetName, [running])).toEqual([{ scheduleId, action: 'unchanged', pause: ofPeople }])
    expect(await deploy(targetName, [running], { unpause: true })).toEqual([
      { scheduleId, action: 'update', differences: ['pause: paused (Stocktaking) → runs'] },
    ])
    expect((await handle.describe()).state.paused).toBe(false)
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
    expect(update!.differences).toEqual(['starts: at 06:00 → weekdays MONDAY at 06:00', 'the definition was edited'])
    expect(await deploy(targetName, [makeDefinition({ targetName })])).toMatchObject([
      { action: 'update' },
      { scheduleId, action: 'orphan' },
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
