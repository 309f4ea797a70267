import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useStack } from '../use-stack.ts'
import { Scene } from '../workflows/scene.ts'
import { digestOfStage } from '../workflows/stub-activities.ts'
import { openBrowser, takePicture, withPage } from './browser.ts'
import { decideInUi } from './decide-in-ui.ts'

const browser = await openBrowser()
const { temporalUi } = browser ? (await useStack()).endpoints : {}
if (browser && !temporalUi) process.stderr.write('Tests in the Temporal UI are skipped: its address is not known.\n')
afterAll(() => browser?.close())

describe.skipIf(!browser || !temporalUi)('the Temporal UI', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open()
  })
  afterAll(() => scene.close())

  it('approves a held run by its own update form, with the argument that the page of the run gives', async () => {
    const target = scene.newTarget()
    await scene.withWorkers(target, { verdict: 'hold', byLiveModel: 'warn' }, async ({ approvals, published }) => {
      const workflowId = await scene.start(target)
      await scene.until(workflowId, ({ heldDigest }) => heldDigest !== null)
      await withPage(browser!, {}, async (page) => {
        await decideInUi(page, temporalUi!, workflowId, { reason: 'Campaign.', by: 'ada' })
        expect((await scene.ended(workflowId)).status?.status).toBe('published')
        await takePicture(page, 'published-run')
      })
      expect(approvals).toMatchObject([{ decision: 'approve', reason: 'Campaign.', by: 'ada' }])
      expect(published).toEqual([digestOfStage('validate')])
    })
  })
})
