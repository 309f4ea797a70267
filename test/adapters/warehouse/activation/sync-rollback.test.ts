import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SyncScene } from './sync-scene.ts'

describe('the ledger of what destinations were told, of rollbacks and long after', () => {
  let scene: SyncScene

  beforeEach(async () => {
    scene = await SyncScene.open()
  })
  afterEach(() => scene.close())

  it('tells of a rollback what it changed, once, and of a way there and back nothing', async () => {
    const first = await scene.publish('a shop-1, b shop-1, c shop-2')
    await scene.send(await scene.plan(first))
    const second = await scene.publish('a shop-2, b shop-1, d shop-1')
    await scene.send(await scene.plan(second))
    await scene.rollBackTo(first)
    const back = await scene.plan(first)
    expect(await scene.pending(back)).toEqual([
      'a moved: shop-2 > shop-1',
      'c entered: - > shop-2',
      'd left: shop-1 > -',
    ])
    expect(await scene.plan(first)).toEqual(back)
    await scene.send(back)
    expect(await scene.plan(second)).toMatchObject({ effects: 3, sent: 3 })
    // Once more there and back: nobody was told of the way there.
    await scene.rollBackTo(second)
    await scene.rollBackTo(first)
    expect(await scene.pending(await scene.plan(first))).toEqual([])
  })

  it('tells with the next run of a rollback that nobody told of', async () => {
    const first = await scene.publish('a shop-1, b shop-1, c shop-2')
    await scene.send(await scene.plan(first))
    await scene.send(await scene.plan(await scene.publish('a shop-2, b shop-1, d shop-1')))
    await scene.rollBackTo(first)
    scene.published.push(scene.published[0]!)
    const third = await scene.plan(await scene.publish('a shop-1, b shop-2, c shop-2'))
    expect(await scene.pending(third)).toEqual([
      'a moved: shop-2 > shop-1',
      'b moved: shop-1 > shop-2',
      'c entered: - > shop-2',
      'd left: shop-1 > -',
    ])
  })

  it('forgets what was told long ago, keeps what is unsent, and says how many there were', async () => {
    const first = await scene.publish('a shop-1, b shop-1, c shop-2')
    const told = await scene.plan(first)
    // Batches are by hash: under this key b is alone in the second.
    await scene.ledger.beginBatch(told.syncId, 1)
    await scene.ledger.endBatch(told.syncId, 1, 'sent')
    await scene.schema.query(`update destination_effect set sent_at = now() - interval '8 days' where state = 'sent'`)
    expect(await scene.ledger.sweep('shop', 7, false)).toBe(0)
    await scene.ledger.finish(told.syncId, { state: 'failed', error: 'refused' })
    expect(await scene.ledger.sweep('shop', 9, false)).toBe(0)
    expect(await scene.ledger.sweep('shop', 7, true)).toBe(2)
    expect(await scene.ledger.sweep('shop', 7, false)).toBe(2)
    expect(await scene.ledger.sweep('shop', 7, false)).toBe(0)
    expect(await scene.schema.query('select effects::int, sent::int, pending::int from destination_syncs')).toEqual([
      { effects: 3, sent: 2, pending: 1 },
    ])
    expect(await scene.plan(first)).toMatchObject({ effects: 3, sent: 2 })
    // Changes and everybody are what they would be.
    const second = await scene.publish('a shop-2, b shop-1, c shop-2')
    expect(await scene.pending(await scene.plan(second))).toEqual(['a moved: shop-1 > shop-2', 'b entered: - > shop-1'])
    expect(await scene.pending(await scene.plan(second, { full: 'once' }))).toEqual(
      ['a', 'b', 'c'].map((id) => `${id} member: - > shop-${id === 'b' ? 1 : 2}`),
    )
  })
})
