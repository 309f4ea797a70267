import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideRun } from '../../src/client/decide-run.ts'
import { decideUpdate, supersededSignal } from '../../src/workflows/messages.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'
import { digestOfStage } from './stub-activities.ts'

const successor = { runId: 'shop@2027-01-01~1', asOf: '2026-12-31T23:00:00.000Z' }
const digest = digestOfStage('validate')
const approval = { decision: 'approve', digest, reason: 'Fine.', by: 'ada' } as const

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

const held = (workflowId: string) => scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
const overtake = (workflowId: string): Promise<void> =>
  scene.access.client.workflow.getHandle(workflowId).signal(supersededSignal, successor)

describe('a held run that a later publication overtakes', () => {
  it('waits no longer, says by whom it was superseded, and can be approved no more', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ edges, calls }) => {
      const workflowId = await scene.start(target)
      await held(workflowId)
      await overtake(workflowId)
      const { end, status } = await scene.ended(workflowId)
      expect(end).toEqual({ how: 'completed' })
      expect(status).toMatchObject({ status: 'superseded', supersededBy: successor.runId })
      expect(edges.at(-1)).toMatchObject({ state: 'superseded', successor, status: { supersededBy: successor.runId } })
      await expect(decideRun(scene.access, workflowId, approval)).rejects.toThrow()
      expect(calls).not.toContain('publishSegmentation')
      await keepHistory(scene.access, workflowId, 'held-then-superseded')
    })
  })

  it('hears of it when its worker comes back, however often it was told', async () => {
    const target = scene.newTarget()
    const workflowId = await scene.withWorkers(target, { verdict: 'hold' }, async () => {
      const id = await scene.start(target)
      await held(id)
      return id
    })
    await overtake(workflowId)
    await overtake(workflowId)
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ edges }) => {
      expect((await scene.ended(workflowId)).status?.status).toBe('superseded')
      // What the first worker was recording when it went ("held") may be recorded again: activities run at least once.
      expect(edges.map(({ state }) => state).filter((state) => state !== 'held')).toEqual(['superseded'])
    })
  })

  it('is superseded again after a reset, which brings the signal back before the run is held', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ edges }) => {
      const workflowId = await scene.start(target)
      await held(workflowId)
      await overtake(workflowId)
      await scene.ended(workflowId)
      await scene.reset(workflowId, 'validate')
      expect((await scene.ended(workflowId)).status?.status).toBe('superseded')
      expect(edges.map(({ state }) => state)).toEqual(['running', 'held', 'superseded', 'superseded'])
    })
  })
})

describe('decisions about a held run', () => {
  it('of two at once one counts, and the other is told whose', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ approvals, edges }) => {
      const workflowId = await scene.start(target)
      await held(workflowId)
      const decide = (by: string): Promise<void> => decideRun(scene.access, workflowId, { ...approval, by })
      const outcomes = await Promise.allSettled([decide('ada'), decide('bob')])
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const winner = outcomes[0]!.status === 'fulfilled' ? 'ada' : 'bob'
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(approvals.map((decision) => decision?.by)).toEqual([winner])
      expect(edges.map(({ state }) => state)).toEqual(['running', 'held'])
    })
  })

  it('with the same update id are one, and carry the id that leads to who sent it', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ approvals }) => {
      const workflowId = await scene.start(target)
      await held(workflowId)
      const updateId = randomUUID()
      const send = () =>
        scene.access.client.workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [approval], updateId })
      await Promise.all([send(), send()])
      await scene.ended(workflowId)
      expect(approvals).toMatchObject([{ ...approval, updateId }])
    })
  })

  it('that were made before a reset do not let other data through', async () => {
    const target = scene.newTarget()
    let revised = 0
    const options = { verdict: 'hold', digest: () => `digest-${revised}` } as const
    await scene.withWorkers(target, options, async ({ published }) => {
      const workflowId = await scene.start(target)
      await held(workflowId)
      await decideRun(scene.access, workflowId, { ...approval, digest: 'digest-0' })
      await scene.ended(workflowId)
      revised = 1
      await scene.reset(workflowId, 'validate')
      expect((await held(workflowId)).heldDigest).toBe('digest-1')
      expect(published).toEqual(['digest-0'])
      await decideRun(scene.access, workflowId, { ...approval, decision: 'reject', digest: 'digest-1' })
      expect((await scene.ended(workflowId)).status?.status).toBe('rejected')
    })
  })

  it('find nothing to decide where a gate failed', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'fail' }, async ({ published }) => {
      const workflowId = await scene.start(target)
      expect((await scene.ended(workflowId)).end).toMatchObject({ how: 'failed', failure: { type: 'GateFailed' } })
      await expect(decideRun(scene.access, workflowId, approval)).rejects.toThrow()
      expect(published).toEqual([])
    })
  })
})

describe('reminders of a held run', () => {
  it('are sent in order while nobody decides, none after time is up, and shown with how long it waits', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ reminders }) => {
      const approvalRules = { within: '4 seconds', remindAfter: ['2 seconds', '1 second', '1 day'] }
      const workflowId = await scene.start(target, approvalRules)
      const { status } = await scene.until(workflowId, (view) => view.status?.hold?.remindedAt.length === 2)
      const waited = status!.hold!.remindedAt.map((at) => Date.parse(at) - Date.parse(status!.hold!.since))
      expect(waited[0]).toBeGreaterThanOrEqual(1_000)
      expect(waited[1]).toBeGreaterThanOrEqual(2_000)
      expect((await scene.ended(workflowId)).status?.status).toBe('rejected')
      expect(reminders).toEqual(['1 second', '2 seconds'])
    })
  })
})
