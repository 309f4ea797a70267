import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeErasures } from '../../../../src/adapters/warehouse/privacy/erasures.ts'
import { makeSuppressions } from '../../../../src/adapters/warehouse/privacy/suppressions.ts'
import type { Erasures } from '../../../../src/ports/erasure.ts'
import { SyncScene } from './sync-scene.ts'

describe('whether destinations have heard of customers who are being erased', () => {
  let scene: SyncScene
  let erasures: Erasures
  beforeEach(async () => {
    scene = await SyncScene.open()
    erasures = makeErasures(scene.schema)
  })
  afterEach(async () => {
    await erasures.close()
    await scene.close()
  })

  const askFor = async (customerId: string): Promise<string> => {
    const { requestId } = await erasures.ask({ customerIds: [customerId], by: 'crm', reason: 'asked' })
    await erasures.withdraw(requestId)
    return requestId
  }

  it('is not said of a sync that a newer one superseded, before that one has told them', async () => {
    const first = await scene.publish('a shop-1, b shop-1')
    await scene.send(await scene.plan(first))
    const [run] = await erasures.withdrawnRuns(await askFor('b'))
    const { withdrawal } = run!
    await scene.plan(first, { withdrawal })
    expect(await erasures.told([withdrawal])).toEqual([])
    const newer = await scene.plan(await scene.publish('a shop-1, c shop-1'))
    expect(await scene.pending(newer)).toEqual(['b left: shop-1 > -', 'c entered: - > shop-1'])
    expect(await erasures.told([withdrawal])).toEqual([])
    await scene.send(newer)
    expect(await erasures.told([withdrawal])).toEqual([`${withdrawal} crm`])
  })

  it('is asked of those as well who objected before, as long as a destination has not heard of that', async () => {
    const first = await scene.publish('a shop-1, b shop-1')
    await scene.send(await scene.plan(first))
    const suppressions = makeSuppressions(scene.schema)
    const { withdrawn } = await suppressions.add({ customerIds: ['b'], pipelines: null, by: 'crm', reason: 'objected' })
    await suppressions.close()
    const objected = withdrawn[0]!.id
    const sync = await scene.plan(first, { withdrawal: objected })
    const requestId = await askFor('b')
    expect((await erasures.withdrawnRuns(requestId)).map(({ withdrawal }) => withdrawal)).toEqual([objected])
    await scene.send(sync)
    expect(await erasures.withdrawnRuns(requestId)).toEqual([])
    expect(await erasures.told([objected])).toEqual([`${objected} crm`])
  })
})
