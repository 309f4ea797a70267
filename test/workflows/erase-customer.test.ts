import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErasureActivities } from '../../src/activities/erasure-activities.ts'
import { toActivityFailure } from '../../src/activities/failures.ts'
import { followErasure, type ErasureEnd } from '../../src/client/follow-erasure.ts'
import { startErasure } from '../../src/client/start-erasure.ts'
import { ConnectionFailed } from '../../src/errors/connection-failed.ts'
import type { ErasureInput } from '../../src/plan/erasure-input.ts'
import type { ErasureReport } from '../../src/run/erasure.ts'
import { keepHistory } from './history.ts'
import { Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await Scene.open()
})
afterAll(() => scene.close())

/** @param found rows that each look at the files finds, one look after the other; then none */
function makeErasure(found: readonly number[] = []) {
  const calls: string[] = []
  const left = [...found]
  let wasDown = false
  let report: ErasureReport | undefined
  const activities: ErasureActivities = {
    async planErasure() {
      calls.push('plan')
      const dates = { askedAt: '2026-10-01T08:00:00.000Z', dueAt: '2026-11-01T08:00:00.000Z' }
      return { customers: 2, ...dates, stores: ['warehouse', 'files'] }
    },
    async withdrawCustomers() {
      calls.push('withdraw')
    },
    async tellDestinations() {
      calls.push('tell')
      return ['crm of shop']
    },
    async eraseFromStore(_input, store) {
      calls.push(`erase ${store}`)
      if (store === 'files' && !wasDown) {
        wasDown = true
        throw toActivityFailure(new ConnectionFailed('S3 is away.', 'It is tried again.'))
      }
      return { store, rows: 3, places: 1 }
    },
    async lookAgain(_input, store) {
      calls.push(`look ${store}`)
      return store === 'files' ? (left.shift() ?? 0) : 0
    },
    async finishErasure(_input, evidence) {
      calls.push('finish')
      report = evidence
    },
  }
  return { activities, calls, report: () => report }
}

const inputOf = (targetName: string): ErasureInput => ({
  ...{ requestId: 'r-1', targetName, warehouse: 'WAREHOUSE_URL', minutesForDestinations: 60 },
  target: { schema: 'segmentation', prefix: 'prod/', embedded: false },
})
const follow = (workflowId: string): Promise<ErasureEnd | null> =>
  followErasure(scene.access, workflowId, () => undefined, new AbortController().signal)

describe('an erasure', () => {
  it('tells destinations before it erases, erases from every store, looks again, and leaves evidence', async () => {
    const target = scene.newTarget()
    const { activities, calls, report } = makeErasure([1])
    await scene.withWorkers(target, { erasure: activities }, async () => {
      const workflowId = await startErasure(scene.access, inputOf(target))
      expect(workflowId).toBe(`${target}/erase/r-1`)
      const end = await follow(workflowId)
      expect(end).toMatchObject({ how: 'completed', status: { state: 'finished', customers: 2 } })
      expect(calls).toEqual([
        ...[
          'plan',
          'withdraw',
          'tell',
          'erase warehouse',
          'erase files',
          'erase files',
          'look warehouse',
          'look files',
        ],
        // Of a run that was reading meanwhile.
        ...['erase files', 'look files', 'finish'],
      ])
      expect(report()).toEqual({
        stores: [
          { store: 'warehouse', rows: 3, places: 1 },
          { store: 'files', rows: 6, places: 1 },
        ],
        remarks: ['Destination crm of shop did not hear in time that the customers left.'],
      })
      await keepHistory(scene.access, workflowId, 'erased')
    })
  })

  it('that still finds something fails, names the store, and keeps what it takes to do it again', async () => {
    const target = scene.newTarget()
    const { activities, calls } = makeErasure([1, 1, 1])
    await scene.withWorkers(target, { erasure: activities }, async () => {
      const workflowId = await startErasure(scene.access, inputOf(target))
      const end = await follow(workflowId)
      expect(end).toMatchObject({ how: 'failed', message: expect.stringContaining('are still in files') as string })
      expect(calls).not.toContain('finish')
      await keepHistory(scene.access, workflowId, 'erasure-incomplete')
    })
  })
})
