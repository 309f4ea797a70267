import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelRun } from '../../src/client/cancel-run.ts'
import { decideRun } from '../../src/client/decide-run.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'
import { DIGEST_BY_LIVE_MODEL, digestOfStage } from './stub-activities.ts'

/** A run has fewer than a hundred, see segment-customers.test.ts; waiting and deciding add some, the more so on a busy machine. */
const MAX_EVENTS = 110
/** Of a run that also placed its customers by the live model. */
const MAX_EVENTS_PLACED_TWICE = 130

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

describe('a held run', () => {
  const digest = digestOfStage('validate')

  it('waits for a decision about exactly what it holds, and publishes when approved', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ calls, edges, approvals }) => {
      const workflowId = await scene.start(target)
      const view = await scene.until(workflowId, ({ status }) => status?.status === 'held')
      expect(view).toMatchObject({ heldDigest: digest, end: null, status: { verdict: 'hold' } })
      const decide = (decision: object): Promise<void> =>
        decideRun(scene.access, workflowId, { decision: 'approve', reason: 'Campaign.', by: 'me', ...decision })
      await expect(decide({ digest: 'another' })).rejects.toThrow(
        /about digest another; the run holds digest-of-validate/,
      )
      await expect(decide({ reason: ' ' })).rejects.toThrow(/needs a "reason"/)
      await expect(decide({ by: '' })).rejects.toThrow(/needs "by"/)
      await expect(decide({ decision: 'maybe' })).rejects.toThrow(/"maybe" is unknown/)
      expect(calls).not.toContain('publishSegmentation')
      await decide({})
      expect((await scene.ended(workflowId)).status?.status).toBe('published')
      expect(edges.map(({ state, decision }) => [state, decision?.by])).toEqual([
        ['running', undefined],
        ['held', undefined],
      ])
      expect(approvals).toMatchObject([{ decision: 'approve', by: 'me' }])
      await expect(decide({ digest })).rejects.toThrow()
      const history = await keepHistory(scene.access, workflowId, 'held-then-approved')
      expect(history.events!.length).toBeLessThan(MAX_EVENTS)
    })
  })

  it('ends complete as rejected, with who and why, when rejected', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ calls, edges }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
      await decideRun(scene.access, workflowId, { decision: 'reject', reason: 'Odd.', by: 'me' })
      const { end, status } = await scene.ended(workflowId)
      expect(end).toEqual({ how: 'completed' })
      expect(status?.status).toBe('rejected')
      expect(calls).not.toContain('publishSegmentation')
      expect(edges.at(-1)).toMatchObject({ state: 'rejected', decision: { by: 'me', reason: 'Odd.' } })
    })
  })

  it('is rejected by time-out when nobody decides', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ edges }) => {
      const { status } = await scene.ended(await scene.start(target, { within: '1 second' }))
      expect(status?.status).toBe('rejected')
      expect(edges.at(-1)).toMatchObject({
        state: 'rejected',
        decision: { by: 'timeout', reason: 'Nobody decided within 1 second.' },
      })
    })
  })

  it('publishes the customers as the live model places them when that is decided, and keeps what it held', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(
      target,
      { verdict: 'hold', byLiveModel: 'warn' },
      async ({ calls, published, approvals }) => {
        const workflowId = await scene.start(target)
        const { status } = await scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
        expect(status).toMatchObject({
          verdict: 'hold',
          byLiveModel: { digest: DIGEST_BY_LIVE_MODEL, verdict: 'warn' },
        })
        expect(calls.filter((name) => name === 'validateAgainstPublished')).toHaveLength(2)
        expect(calls.filter((name) => name === 'buildFeatures')).toHaveLength(1)
        await expect(
          decideRun(scene.access, workflowId, { decision: 'useLiveModel', digest, reason: 'Keep.', by: 'me' }),
        ).rejects.toThrow(/holds digest-by-live-model/)
        await decideRun(scene.access, workflowId, { decision: 'useLiveModel', reason: 'Keep.', by: 'me' })
        expect((await scene.ended(workflowId)).status).toMatchObject({ status: 'published', verdict: 'warn' })
        expect(published).toEqual([DIGEST_BY_LIVE_MODEL])
        expect(approvals).toMatchObject([{ decision: 'useLiveModel', by: 'me' }])
        const history = await keepHistory(scene.access, workflowId, 'held-then-live-model')
        expect(history.events!.length).toBeLessThan(MAX_EVENTS_PLACED_TWICE)
      },
    )
  })

  it('says that there is no third door where the live model cannot place the customers', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async () => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
      await expect(
        decideRun(scene.access, workflowId, { decision: 'useLiveModel', reason: 'Keep.', by: 'me' }),
      ).rejects.toThrow(/cannot place the customers/)
      await cancelRun(scene.access, workflowId, { by: 'ada', reason: 'Wrong quarter.' })
    })
  })

  it('is recorded as cancelled when cancelled', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold' }, async ({ edges }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ status }) => status?.status === 'held')
      await cancelRun(scene.access, workflowId, { by: 'ada', reason: 'Wrong quarter.' })
      expect((await scene.ended(workflowId)).end).toEqual({ how: 'cancelled' })
      expect(edges.at(-1)?.state).toBe('cancelled')
    })
  })
})
