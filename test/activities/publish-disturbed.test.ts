import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOfS3, postgresTroubles, s3Troubles, tellDisturbed, tellUndisturbed } from './disturbed-stories.ts'
import { firstPublication, nextQuarter, rollback, secondRevision } from './publishing-stories.ts'
import { openPublishingScene, type PublishingScene } from './publishing-scene.ts'

/** Each step with each trouble is told by night; here every so manieth step with the next trouble. */
const stories = [
  [nextQuarter, 12],
  [firstPublication, 47],
  [secondRevision, 43],
  [rollback, 13],
] as const

describe('trouble at any step of publishing', () => {
  let scene: PublishingScene

  beforeAll(async () => {
    scene = await openPublishingScene()
  })
  afterAll(() => scene.close())

  it.each(stories.map(([story, stride]) => ({ title: story.title, story, stride })))(
    'leaves consumers the old or the new one whole; tried again it ends as undisturbed: $title',
    async ({ story, stride }) => {
      const undisturbed = await tellUndisturbed(scene, story)
      // Before, after the switch, and with the run's record complete.
      expect(undisturbed.views.length).toBeLessThanOrEqual(3)
      expect(undisturbed.runs).toHaveLength(2)
      for (let n = 0, told = 0; n < undisturbed.steps.length; n += stride, told++) {
        const troubles = isOfS3(undisturbed.steps[n]!) ? s3Troubles : postgresTroubles
        await tellDisturbed(scene, story, undisturbed, { n, disturbance: () => troubles[told % troubles.length]! })
      }
    },
  )
})
