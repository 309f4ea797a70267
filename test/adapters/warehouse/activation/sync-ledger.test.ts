import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSyncLedger, type OpenSyncLedger } from '../../../../src/adapters/warehouse/activation/sync-ledger.ts'
import type { EffectLine, PlannedSync, SyncRequest } from '../../../../src/ports/activation.ts'
import { parseTrigger } from '../../../../src/stages/publish/activation/triggers.ts'
import { members, type Members } from '../candidate.ts'
import { openFreshSchema, type FreshSchema } from '../fresh-schema.ts'

const DAYS = ['2026-07-01', '2026-10-01', '2027-01-01', '2027-04-01']

describe('the ledger of what destinations were told', () => {
  let schema: FreshSchema
  let ledger: OpenSyncLedger
  let published: { publicationId: number; members: Members }[]

  beforeEach(async () => {
    schema = await openFreshSchema()
    ledger = makeSyncLedger({ connectionString: schema.connectionString, schema: schema.schema, ledgerKey: 'k1' })
    published = []
  })
  afterEach(async () => {
    await ledger.close()
    await schema.close()
  })

  /** The next run, with these members: `a shop-1, b shop-2!` (the holdout). */
  async function publish(text: string): Promise<string> {
    const run = { asOf: `${DAYS[published.length]}T00:00:00.000Z`, members: members(text), before: published.at(-1) }
    const { publicationId } = await schema.publish(run)
    published.push({ publicationId, members: run.members })
    return `shop@${DAYS[published.length - 1]}`
  }

  async function rollBackTo(runKey: string): Promise<void> {
    const to = { runKey, revision: 1 }
    const { from } = await schema.warehouse.findReturnPoint('shop', to)
    await schema.warehouse.rollBack('shop', { from, to, by: 'crm', reason: 'wrong' })
  }

  const plan = (runKey: string, request: Partial<SyncRequest> = {}, by = ledger): Promise<PlannedSync> =>
    by.plan({
      ...{ pipeline: 'shop', destination: 'crm', runKey, revision: 1, interest: { triggers: null, segments: null } },
      ...{ batchSize: 2, tells: 'changes', full: null, isNew: false, by: null, workflowId: 'w', temporalRunId: 't' },
      ...request,
    })

  /** `a: shop-1 > shop-2`, by customer. */
  async function pending({ syncId }: Pick<PlannedSync, 'syncId'>): Promise<string[]> {
    return (await lines(syncId))
      .map(
        ({ effect: { event, customerId, fromSegmentKey, toSegmentKey } }) =>
          `${customerId} ${event}: ${fromSegmentKey ?? '-'} > ${toSegmentKey ?? '-'}`,
      )
      .sort()
  }

  async function lines(syncId: number): Promise<EffectLine[]> {
    const path = join(schema.scratchPath, `pending-${syncId}.jsonl`)
    await ledger.writePending('shop', syncId, path)
    const text = await readFile(path, 'utf8')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as EffectLine)
  }

  async function send({ syncId }: PlannedSync): Promise<void> {
    await ledger.beginBatch(syncId, null)
    await ledger.endBatch(syncId, null, 'sent')
    await ledger.finish(syncId, { state: 'sent', error: null })
  }

  it('has who entered, moved and left in a run, and nobody who stayed', async () => {
    await send(await plan(await publish('a shop-1, b shop-1, c shop-2')))
    const planned = await plan(await publish('a shop-1, b shop-2, d shop-1'))
    expect(planned).toMatchObject({ state: 'running', effects: 3, sent: 0, batchCount: 2 })
    expect(await pending(planned)).toEqual(['b moved: shop-1 > shop-2', 'c left: shop-2 > -', 'd entered: - > shop-1'])
  })

  it('never tells of the holdout: who comes into it has left, who comes out of it enters', async () => {
    const first = await plan(await publish('a shop-1, b shop-1!, c shop-1'))
    expect(await pending(first)).toEqual(['a entered: - > shop-1', 'c entered: - > shop-1'])
    await send(first)
    const second = await plan(await publish('a shop-1!, b shop-1, c shop-2!'))
    expect(await pending(second)).toEqual(['a left: shop-1 > -', 'b entered: - > shop-1', 'c left: shop-1 > -'])
    expect(await plan(await publish('a shop-2!, b shop-1, c shop-2!'))).toMatchObject({ effects: 3 })
  })

  it('tells of a rollback what it changed, once, and of a way there and back nothing', async () => {
    const first = await publish('a shop-1, b shop-1, c shop-2')
    await send(await plan(first))
    const second = await publish('a shop-2, b shop-1, d shop-1')
    await send(await plan(second))
    await rollBackTo(first)
    const back = await plan(first)
    expect(await pending(back)).toEqual(['a moved: shop-2 > shop-1', 'c entered: - > shop-2', 'd left: shop-1 > -'])
    expect(await plan(first)).toEqual(back)
    await send(back)
    expect(await plan(second)).toMatchObject({ effects: 3, sent: 3 })
    // Once more there and back: nobody was told of the way there.
    await rollBackTo(second)
    await rollBackTo(first)
    expect(await pending(await plan(first))).toEqual([])
  })

  it('tells with the next run of a rollback that nobody told of', async () => {
    const first = await publish('a shop-1, b shop-1, c shop-2')
    await send(await plan(first))
    await send(await plan(await publish('a shop-2, b shop-1, d shop-1')))
    await rollBackTo(first)
    published.push(published[0]!)
    const third = await plan(await publish('a shop-1, b shop-2, c shop-2'))
    expect(await pending(third)).toEqual([
      'a moved: shop-2 > shop-1',
      'b moved: shop-1 > shop-2',
      'c entered: - > shop-2',
      'd left: shop-1 > -',
    ])
  })

  it('writes down once what is planned twice', async () => {
    const run = await publish('a shop-1, b shop-2')
    const first = await plan(run)
    expect(await plan(run)).toEqual(first)
    await send(first)
    expect(await plan(run)).toMatchObject({ effects: 2, sent: 2 })
    expect(await pending(first)).toEqual([])
    expect(await schema.countOf('destination_effect')).toBe(2)
  })

  it('replaces what a newer run has superseded, from where the destination believes a customer to be', async () => {
    await send(await plan(await publish('a shop-1, b shop-1, c shop-1')))
    const unsent = await plan(await publish('a shop-2, b shop-2, d shop-1, e shop-2'))
    const newer = await plan(await publish('a shop-3, b shop-1, c shop-2, e shop-2'))
    // a: 1 > 2 > 3; b is where it was believed to be; c left and is back; d was never told of; e is told of now.
    expect(await pending(newer)).toEqual([
      'a moved: shop-1 > shop-3',
      'c moved: shop-1 > shop-2',
      'e entered: - > shop-2',
    ])
    expect(await ledger.beginBatch(unsent.syncId, 1)).toBe(false)
    expect(
      await schema.query('select run_key, state, effects::int, pending::int from destination_syncs order by 1'),
    ).toEqual([
      { run_key: 'shop@2026-07-01', state: 'sent', effects: 3, pending: 0 },
      { run_key: 'shop@2026-10-01', state: 'superseded', effects: 0, pending: 0 },
      { run_key: 'shop@2027-01-01', state: 'running', effects: 3, pending: 3 },
    ])
  })

  it('tells a change as it is where the destination may have heard of the one before', async () => {
    const tried = await plan(await publish('a shop-1, b shop-1'))
    await ledger.beginBatch(tried.syncId, 1)
    const newer = await plan(await publish('b shop-2'))
    expect(await pending(newer)).toEqual(['a left: shop-1 > -', 'b moved: shop-1 > shop-2'])
  })

  it('tells of runs whose sync nobody started, and of an older one nothing afterwards', async () => {
    await send(await plan(await publish('a shop-1')))
    const missed = await publish('a shop-2, b shop-2')
    const newer = await plan(await publish('a shop-2, b shop-1'))
    expect(await pending(newer)).toEqual(['a moved: shop-1 > shop-2', 'b entered: - > shop-1'])
    expect(await plan(missed)).toMatchObject({ state: 'superseded', effects: 0 })
  })

  it('hears only of what its triggers name, by key or by name', async () => {
    await plan(await publish('a shop-1, b shop-1, c shop-2, d shop-3'), { destination: 'other' })
    const run = await publish('a shop-2, b shop-3, d shop-1, e shop-3')
    const of = async (destination: string, ...on: string[]): Promise<string[]> =>
      pending(await plan(run, { destination, interest: { triggers: on.map(parseTrigger), segments: null } }))
    expect(await of('one', 'entered shop-3')).toEqual(['b moved: shop-1 > shop-3', 'e entered: - > shop-3'])
    expect(await of('two', 'left shop-2', 'entered')).toEqual(['c left: shop-2 > -', 'e entered: - > shop-3'])
    expect(await of('three', 'moved Name of shop-2')).toEqual(['a moved: shop-1 > shop-2'])
  })

  it('takes segments that a destination does not get for none at all', async () => {
    const interest = { triggers: null, segments: ['shop-1'] }
    await send(await plan(await publish('a shop-1, b shop-2'), { interest }))
    const planned = await plan(await publish('a shop-2, b shop-3, c shop-1'), { interest })
    expect(await pending(planned)).toEqual(['a left: shop-1 > -', 'c entered: - > shop-1'])
  })

  it('sends everybody on request, each time anew, and those who left before', async () => {
    const first = await plan(await publish('a shop-1, b shop-1, c shop-1'))
    await send(first)
    const run = await publish('a shop-1, b shop-2!')
    const full = await plan(run, { full: 'x', batchSize: 'all', by: 'ada' })
    expect(await schema.query('select event, actor from run_event')).toEqual([
      { event: 'synced_in_full', actor: 'ada' },
    ])
    expect(full).toMatchObject({ isFull: true, batchCount: 1 })
    expect(await pending(full)).toEqual(['a member: - > shop-1', 'b left: shop-1 > -', 'c left: shop-1 > -'])
    await send(full)
    expect(await pending(await plan(run, { full: 'y' }))).toEqual(['a member: - > shop-1'])
    expect(await plan('shop@2026-07-01', { full: 'z' })).toMatchObject({ state: 'superseded' })
  })

  it('sends again only what is pending, with the ids it had', async () => {
    const planned = await plan(await publish('a shop-1, b shop-1, c shop-1, d shop-1, e shop-1'))
    const before = await lines(planned.syncId)
    expect(before.map(({ batch }) => batch)).toEqual([1, 1, 2, 2, 3])
    await ledger.beginBatch(planned.syncId, 1)
    await ledger.endBatch(planned.syncId, 1, 'sent')
    await ledger.beginBatch(planned.syncId, 2)
    await ledger.endBatch(planned.syncId, 2, 'failed')
    expect(await lines(planned.syncId)).toEqual(before.slice(2))
    expect(await ledger.finish(planned.syncId, { state: 'failed', error: 'No.' })).toMatchObject({
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
    const planned = await plan(await publish('a shop-1, b shop-1'))
    await schema.query("delete from membership_open where customer_id = 'a'")
    expect(await pending(planned)).toEqual(['b entered: - > shop-1'])
    expect(await schema.countOf('destination_effect')).toBe(1)
  })

  it('refuses a run that was not published', async () => {
    await expect(plan('shop@2026-07-01')).rejects.toMatchObject({ type: 'RunNotFound' })
  })

  it('lets one sync at a time tell a destination', async () => {
    const lease = (await ledger.takeLease('shop', 'crm'))!
    expect(await ledger.takeLease('shop', 'crm')).toBeUndefined()
    const other = (await ledger.takeLease('shop', 'mail'))!
    await lease.release()
    const next = (await ledger.takeLease('shop', 'crm'))!
    // Whose lease has ended does not end another's.
    await lease.release()
    expect(await ledger.takeLease('shop', 'crm')).toBeUndefined()
    await schema.query("update destination_lease set expires_at = now() - interval '1 second'")
    const afterDeath = (await ledger.takeLease('shop', 'crm'))!
    expect(afterDeath.signal.aborted).toBe(false)
    for (const one of [next, other, afterDeath]) await one.release()
    expect(await schema.countOf('destination_lease')).toBe(0)
  })

  it('holds no id of a customer', async () => {
    await plan(await publish('unmistakable-1 shop-1, unmistakable-2 shop-2'))
    for (const table of ['destination_effect', 'destination_sync', 'destination_lease', 'ledger_key'])
      expect(JSON.stringify(await schema.query(`select t::text from ${table} t`))).not.toContain('unmistakable')
  })

  it('refuses another key while effects are unsent, and takes it when none are', async () => {
    const run = await publish('a shop-1')
    const planned = await plan(run)
    const options = { connectionString: schema.connectionString, schema: schema.schema }
    const other = makeSyncLedger({ ...options, ledgerKey: 'k2' })
    const without = makeSyncLedger({ ...options, ledgerKey: undefined })
    try {
      await expect(plan(run, {}, other)).rejects.toThrow(/another key/)
      await expect(plan(run, {}, without)).rejects.toThrow(/RESEGMENT_LEDGER_KEY is not set/)
      await send(planned)
      expect(await plan(run, {}, other)).toMatchObject({ sent: 1 })
    } finally {
      await Promise.all([other.close(), without.close()])
    }
  })
})
