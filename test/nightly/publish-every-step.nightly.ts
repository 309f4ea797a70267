import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  isOfS3,
  postgresTroubles,
  s3Troubles,
  tellDisturbed,
  tellUndisturbed,
} from '../activities/disturbed-stories.ts'
import { firstPublication, nextQuarter, rollback, secondRevision } from '../activities/publishing-stories.ts'
import { openPublishingScene, type PublishingScene } from '../activities/publishing-scene.ts'

describe('every trouble at every step', () => {
  let scene: PublishingScene

  beforeAll(async () => {
    scene = await openPublishingScene()
  })
  afterAll(() => scene.close())

  it.each([nextQuarter, firstPublication, secondRevision, rollback])(
    'leaves consumers the old or the new one whole; tried again it ends as undisturbed: $title',
    async (story) => {
      const undisturbed = await tellUndisturbed(scene, story)
      let told = 0
      for (const [n, step] of undisturbed.steps.entries())
        for (const trouble of isOfS3(step) ? s3Troubles : postgresTroubles) {
          await tellDisturbed(scene, story, undisturbed, { n, disturbance: () => trouble })
          told++
        }
      console.log(`${story.title}: ${undisturbed.steps.length} steps, ${told} troubles`)
    },
  )
})
