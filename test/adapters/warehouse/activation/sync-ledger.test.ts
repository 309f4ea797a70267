import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSyncLedger } from '../../../../src/adapters/warehouse/activation/sync-ledger.ts'
import { parseTrigger } from '../../../../src/stages/publish/activation/triggers.ts'
import { SyncScene } from './sync-scene.ts'

describe('the ledger of what destinations were told', () => {
  let scene: SyncScene

  beforeEach(async () => {
    scene = await SyncScene.open()
  })
  afterEach(() => scene.close())

  it('has who entered, moved and left in a run, and nobody who stayed', async () => {
    await scene.send(await scene.plan(await scene.publish('a shop-1, b shop-1, c shop-2')))
    const planned = await scene.plan(await scene.publish('a shop-1, b shop-2, d shop-1'))
    expect(planned).toMatchObject({ state: 'running', effects: 3, sent: 0, batchCount: 2 })
    expect(await scene.pending(planned)).toEqual([
      'b moved: shop-1 > shop-2',
      'c left: shop-2 > -',
      'd entered: - > shop-1',
    ])
  })

  it('never tells of the holdout: who comes into it has left, who comes out of it enters', async () => {
    const first = await scene.plan(await scene.publish('a shop-1, b shop-1!, c shop-1'))
    expect(await scene.pending(first)).toEqual(['a entered: - > shop-1', 'c entered: - > shop-1'])
    await scene.send(first)
    const second = await scene.plan(await scene.publish('a shop-1!, b shop-1, c shop-2!'))
    expect(await scene.pending(second)).toEqual(['a left: shop-1 > -', 'b entered: - > shop-1', 'c left: shop-1 > -'])
    expect(await scene.plan(await scene.publish('a shop-2!, b shop-1, c shop-2!'))).toMatchObject({ effects: 3 })
  })

  it('writes down once what is planned twice', async () => {
    const run = await scene.publish('a shop-1, b shop-2')
    const first = await scene.plan(run)
    expect(await scene.plan(run)).toEqual(first)
    await scene.send(first)
    expect(await scene.plan(run)).toMatchObject({ effects: 2, sent: 2 })
    expect(await scene.pending(first)).toEqual([])
    expect(await scene.schema.countOf('destination_effect')).toBe(2)
  })

  it('replaces what a newer run has superseded, from where the destination believes a customer to be', async () => {
    await scene.send(await scene.plan(await scene.publish('a shop-1, b shop-1, c shop-1')))
    const unsent = await scene.plan(await scene.publish('a shop-2, b shop-2, d shop-1, e shop-2'))
    const newer = await scene.plan(await scene.publish('a shop-3, b shop-1, c shop-2, e shop-2'))
    // a: 1 > 2 > 3; b is where it was believed to be; c left and is back; d was never told of; e is told of now.
    expect(await scene.pending(newer)).toEqual([
      'a moved: shop-1 > shop-3',
      'c moved: shop-1 > shop-2',
      'e entered: - > shop-2',
    ])
    expect(await scene.ledger.beginBatch(unsent.syncId, 1)).toBe(false)
    expect(
      await scene.schema.query('select run_key, state, effects::int, pending::int from destination_syncs order by 1'),
    ).toEqual([
      { run_key: 'shop@2026-07-01', state: 'sent', effects: 3, pending: 0 },
      { run_key: 'shop@2026-10-01', state: 'superseded', effects: 0, pending: 0 },
      { run_key: 'shop@2027-01-01', state: 'running', effects: 3, pending: 3 },
    ])
  })

  it('tells a change as it is where the destination may have heard of the one before', async () => {
    const tried = await scene.plan(await scene.publish('a shop-1, b shop-1'))
    await scene.ledger.beginBatch(tried.syncId, 1)
    const newer = await scene.plan(await scene.publish('b shop-2'))
    expect(await scene.pending(newer)).toEqual(['a left: shop-1 > -', 'b moved: shop-1 > shop-2'])
  })

  it('tells of runs whose sync nobody started, and of an older one nothing afterwards', async () => {
    await scene.send(await scene.plan(await scene.publish('a shop-1')))
    const missed = await scene.publish('a shop-2, b shop-2')
    const newer = await scene.plan(await scene.publish('a shop-2, b shop-1'))
    expect(await scene.pending(newer)).toEqual(['a moved: shop-1 > shop-2', 'b entered: - > shop-1'])
    expect(await scene.plan(missed)).toMatchObject({ state: 'superseded', effects: 0 })
  })

  it('hears only of what its triggers name, by key or by name', async () => {
    await scene.plan(await scene.publish('a shop-1, b shop-1, c shop-2, d shop-3'), { destination: 'other' })
    const run = await scene.publish('a shop-2, b shop-3, d shop-1, e shop-3')
    const of = async (destination: string, ...on: string[]): Promise<string[]> =>
      scene.pending(
        await scene.plan(run, { destination, interest: { triggers: on.map(parseTrigger), segments: null } }),
      )
    expect(await of('one', 'entered shop-3')).toEqual(['b moved: shop-1 > shop-3', 'e entered: - > shop-3'])
    expect(await of('two', 'left shop-2', 'entered')).toEqual(['c left: shop-2 > -', 'e entered: - > shop-3'])
    expect(await of('three', 'moved Name of shop-2')).toEqual(['a moved: shop-1 > shop-2'])
  })

  it('takes segments that a destination does not get for none at all', async () => {
    const interest = { triggers: null, segments: ['shop-1'] }
    await scene.send(await scene.plan(await scene.publish('a shop-1, b shop-2'), { interest }))
    const planned = await scene.plan(await scene.publish('a shop-2, b shop-3, c shop-1'), { interest })
    expect(await scene.pending(planned)).toEqual(['a left: shop-1 > -', 'c entered: - > shop-1'])
  })

  it('sends everybody on request, each time anew, and those who left before', async () => {
    const first = await scene.plan(await scene.publish('a shop-1, b shop-1, c shop-1'))
    await scene.send(first)
    const run = await scene.publish('a shop-1, b shop-2!')
    const full = await scene.plan(run, { full: 'x', batchSize: 'all', by: 'ada' })
    expect(await scene.schema.query('select event, actor from run_event')).toEqual([
      { event: 'synced_in_full', actor: 'ada' },
    ])
    expect(full).toMatchObject({ isFull: true, batchCount: 1 })
    expect(await scene.pending(full)).toEqual(['a member: - > shop-1', 'b left: shop-1 > -', 'c left: shop-1 > -'])
    await scene.send(full)
    expect(await scene.pending(await scene.plan(run, { full: 'y' }))).toEqual(['a member: - > shop-1'])
    expect(await scene.plan('shop@2026-07-01', { full: 'z' })).toMatchObject({ state: 'superseded' })
  })

  it('sends again only what is pending, with the ids it had', async () => {
    const planned = await scene.plan(await scene.publish('a shop-1, b shop-1, c shop-1, d shop-1, e shop-1'))
    const before = await scene.lines(planned.syncId)
    expect(before.map(({ batch }) => batch)).toEqual([1, 1, 2, 2, 3])
    await scene.ledger.beginBatch(planned.syncId, 1)
    await scene.ledger.endBatch(planned.syncId, 1, 'sent')
    await scene.ledger.beginBatch(planned.syncId, 2)
    await scene.ledger.endBatch(planned.syncId, 2, 'failed')
    expect(await scene.lines(planned.syncId)).toEqual(before.slice(2))
    expect(await scene.ledger.finish(planned.syncId, { state: 'failed', error: 'No.' })).toMatchObject({
      ...{
        destination: 'crm',
        kind: 'changes',
        state: 'failed',
        effects: 5,
        sent: 2,
        pending: 1,
        failed: 2,
        lastError: 'No.',
      },
    })
  })

  it('forgets what would be told of a customer whom nobody knows any more', async () => {
    const planned = await scene.plan(await scene.publish('a shop-1, b shop-1'))
    await scene.schema.query("delete from membership_open where customer_id = 'a'")
    expect(await scene.pending(planned)).toEqual(['b entered: - > shop-1'])
    expect(await scene.schema.countOf('destination_effect')).toBe(1)
  })

  it('refuses a run that was not published', async () => {
    await expect(scene.plan('shop@2026-07-01')).rejects.toMatchObject({ type: 'RunNotFound' })
  })

  it('lets one sync at a time tell a destination', async () => {
    const lease = (await scene.ledger.takeLease('shop', 'crm'))!
    expect(await scene.ledger.takeLease('shop', 'crm')).toBeUndefined()
    const other = (await scene.ledger.takeLease('shop', 'mail'))!
    await lease.release()
    const next = (await scene.ledger.takeLease('shop', 'crm'))!
    // Whose lease has ended does not end another's.
    await lease.release()
    expect(await scene.ledger.takeLease('shop', 'crm')).toBeUndefined()
    await scene.schema.query("update destination_lease set expires_at = now() - interval '1 second'")
    const afterDeath = (await scene.ledger.takeLease('shop', 'crm'))!
    expect(afterDeath.signal.aborted).toBe(false)
    for (const one of [next, other, afterDeath]) await one.release()
    expect(await scene.schema.countOf('destination_lease')).toBe(0)
  })

  it('holds no id of a customer', async () => {
    await scene.plan(await scene.publish('unmistakable-1 shop-1, unmistakable-2 shop-2'))
    for (const table of ['destination_effect', 'destination_sync', 'destination_lease', 'ledger_key'])
      expect(JSON.stringify(await scene.schema.query(`select t::text from ${table} t`))).not.toContain('unmistakable')
  })

  it('refuses another key while effects are unsent, and takes it when none are', async () => {
    const run = await scene.publish('a shop-1')
    const planned = await scene.plan(run)
    const options = { connectionString: scene.schema.connectionString, schema: scene.schema.schema }
    const other = makeSyncLedger({ ...options, ledgerKey: 'k2' })
    const without = makeSyncLedger({ ...options, ledgerKey: undefined })
    try {
      await expect(scene.plan(run, {}, other)).rejects.toThrow(/another key/)
      await expect(scene.plan(run, {}, without)).rejects.toThrow(/RESEGMENT_LEDGER_KEY is not set/)
      await scene.send(planned)
      expect(await scene.plan(run, {}, other)).toMatchObject({ sent: 1 })
    } finally {
      await Promise.all([other.close(), without.close()])
    }
  })
})
