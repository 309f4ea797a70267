import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatRunId, type RunIdentity } from '../../../src/run/run-key.ts'
import { makeCandidate, members, type Members } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const years = Array.from({ length: 12 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)
const nobodyLooks = (): void => undefined

describe('a rollback', () => {
  let target: FreshSchema
  let live: { readonly runId: string; readonly members: Members; readonly run: RunIdentity } | undefined

  beforeEach(async () => {
    target = await openFreshSchema()
    live = undefined
  })
  afterEach(() => target.close())

  it('shows the earlier run at once, names who did it and why, and what is undone', async () => {
    await publish(0, 'a shop-1, b shop-1, c shop-2')
    await publish(1, 'a shop-1, b shop-3, d shop-2')
    const outcome = await rollBack(undefined, 'The loyalty export was empty.')
    expect(outcome).toMatchObject({ written: true, moved: 3, undone: [{ runKey: 'shop@2021-01-01', revision: 1 }] })
    expect(
      await target.query('select customer_id, segment_key, since, run_key from shop_customers order by 1'),
    ).toEqual(
      ['a shop-1', 'b shop-1', 'c shop-2'].map((text) => ({
        customer_id: text[0],
        segment_key: text.slice(2),
        since: new Date(years[0]!),
        run_key: 'shop@2020-01-01',
      })),
    )
    expect(await target.query('select run_key, status, is_live from runs order by 1')).toEqual([
      { run_key: 'shop@2020-01-01', status: 'published', is_live: true },
      { run_key: 'shop@2021-01-01', status: 'rolled_back', is_live: false },
    ])
    expect(await target.query('select run_key, event, actor, reason from run_events order by 1')).toEqual([
      { run_key: 'shop@2020-01-01', event: 'returned_to', actor: 'crm', reason: 'The loyalty export was empty.' },
      { run_key: 'shop@2021-01-01', event: 'rolled_back', actor: 'crm', reason: 'The loyalty export was empty.' },
    ])
    expect(
      await target.query(`select customer_id, event, from_segment_key, to_segment_key from segment_events
        where move_reason = 'rollback' order by 1`),
    ).toEqual([
      { customer_id: 'b', event: 'moved', from_segment_key: 'shop-3', to_segment_key: 'shop-1' },
      { customer_id: 'c', event: 'entered', from_segment_key: null, to_segment_key: 'shop-2' },
      { customer_id: 'd', event: 'left', from_segment_key: 'shop-2', to_segment_key: null },
    ])
    // Born in the run that is undone: its key is never given again.
    expect(await target.query('select segment_key, status, customers from segments order by 1')).toEqual([
      { segment_key: 'shop-1', status: 'active', customers: '2' },
      { segment_key: 'shop-2', status: 'active', customers: '1' },
      { segment_key: 'shop-3', status: 'retired', customers: '0' },
    ])
    expect((await target.ledger.publishedState('shop')).live).toMatchObject({ runKey: 'shop@2020-01-01' })
  })

  it('leaves history and what was shown truthful on both axes of time', async () => {
    await publish(0, 'a shop-1')
    await publish(1, 'a shop-2')
    await rollBack()
    expect(
      await target.query('select segment_key, valid_from, valid_to, published_to from customer_segment_history'),
    ).toEqual([{ segment_key: 'shop-1', valid_from: new Date(years[0]!), valid_to: null, published_to: null }])
    expect(
      await target.query(`select segment_key, run_key, move_reason, published_to is null as is_shown
        from published_memberships order by published_from`),
    ).toEqual([
      { segment_key: 'shop-1', run_key: 'shop@2020-01-01', move_reason: 'new', is_shown: false },
      { segment_key: 'shop-2', run_key: 'shop@2021-01-01', move_reason: 'behaviour', is_shown: false },
      { segment_key: 'shop-1', run_key: 'shop@2020-01-01', move_reason: 'rollback', is_shown: true },
    ])
  })

  it('goes one publication further back each time, until the first one, which stays', async () => {
    for (const year of [0, 1, 2]) await publish(year, `a shop-${year + 1}`)
    await rollBack()
    await rollBack()
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-1' }])
    await expect(rollBack()).rejects.toMatchObject({
      type: 'RollbackRefused',
      message: expect.stringContaining('is the first publication of pipeline shop') as string,
    })
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-1' }])
  })

  it('of which the run is named changes nothing the second time', async () => {
    await publish(0, 'a shop-1')
    const to = live!.run
    await publish(1, 'a shop-2')
    const first = await rollBack(to)
    const second = await rollBack(to)
    expect(second).toEqual({ undone: [], moved: 0, written: false, shownSince: first.shownSince })
    expect(await target.countOf('run_events')).toBe(2)
  })

  it('can be taken back by naming the run that it undid', async () => {
    await publish(0, 'a shop-1, b shop-1')
    await publish(1, 'a shop-2')
    const { run } = live!
    await rollBack()
    await rollBack(run)
    expect(await target.query('select customer_id, segment_key, since from customer_segments')).toEqual([
      { customer_id: 'a', segment_key: 'shop-2', since: new Date(years[1]!) },
    ])
    expect(await target.query('select status from runs order by run_key')).toEqual([
      { status: 'published' },
      { status: 'published' },
    ])
  })

  it('is refused when the run was never published, or what it said is no longer kept', async () => {
    await expect(rollBack()).rejects.toThrow('Pipeline shop has published nothing.')
    for (const year of years.keys()) await publish(year, `a shop-${1 + (year % 2)}`)
    await expect(rollBack({ runKey: 'shop@2019-01-01', revision: 1 })).rejects.toMatchObject({
      type: 'RollbackRefused',
      message: expect.stringContaining('never published shop@2019-01-01~1') as string,
    })
    await expect(rollBack({ runKey: 'shop@2023-01-01', revision: 1 })).rejects.toMatchObject({
      type: 'RollbackRefused',
      message: expect.stringContaining('no longer kept') as string,
    })
    // The live publication and seven before it are kept, wherever one returned to meanwhile.
    await rollBack({ runKey: 'shop@2024-01-01', revision: 1 })
    expect(await target.query('select run_key from customer_segments')).toEqual([{ run_key: 'shop@2024-01-01' }])
  })

  it('is refused when another run came out since somebody decided', async () => {
    await publish(0, 'a shop-1')
    const to = live!.run
    await publish(1, 'a shop-2')
    const from = live!.run
    await publish(2, 'a shop-3')
    await expect(target.warehouse.rollBack('shop', { from, to, by: 'crm', reason: 'late' })).rejects.toMatchObject({
      type: 'PublishConflict',
    })
    expect(await target.query('select segment_key from customer_segments')).toEqual([{ segment_key: 'shop-3' }])
  })

  it('makes the next run compare with what is live, and the undone run cannot come out by a late attempt', async () => {
    await publish(0, 'a shop-1')
    const before = live!
    const undone = await publish(1, 'a shop-2')
    await rollBack()
    await expect(target.warehouse.check(undone)).rejects.toThrow(
      'shop@2021-01-01~1 was published and then rolled back. Start the next revision; or bring this one back: resegment rollback shop --to shop@2021-01-01~1',
    )
    const late = await makeCandidate(target, {
      asOf: years[1]!,
      revision: 2,
      members: members('a shop-3'),
      before: { runId: live!.runId, members: live!.members },
    })
    // Compared, and held, before the rollback.
    await expect(target.warehouse.check(late)).rejects.toThrow('but shop@2020-01-01~1 is live now')
    live = before
    await publish(1, 'a shop-3', 2)
    expect(await target.query('select revision, status from runs order by run_key, revision')).toEqual([
      { revision: 1, status: 'published' },
      { revision: 1, status: 'rolled_back' },
      { revision: 2, status: 'published' },
    ])
    expect(
      await target.query('select segment_key, valid_to from customer_segment_history order by valid_from'),
    ).toEqual([
      { segment_key: 'shop-1', valid_to: new Date(years[1]!) },
      { segment_key: 'shop-3', valid_to: null },
    ])
  })

  it('waits for no reader, and no reader for it: who reads sees one run whole', async () => {
    const many = (segment: string): string => Array.from({ length: 500 }, (_, i) => `c${i} ${segment}`).join(', ')
    await publish(0, many('shop-1'))
    const first = live!.run
    await publish(1, many('shop-2'))
    const second = live!.run
    const holder = new pg.Client({ connectionString: target.connectionString })
    const reader = new pg.Client({ connectionString: target.connectionString })
    await Promise.all([holder.connect(), reader.connect()])
    try {
      for (const client of [holder, reader])
        await client.query(`set search_path to ${target.schema}; set lock_timeout to '500ms'`)
      // Somebody reads for long, and has read everything there is.
      await holder.query('begin isolation level repeatable read')
      const before = await holder.query('select * from customer_segments order by customer_id')
      await holder.query('select count(*) from customer_segment_history, segments, segment_snapshots')
      const seen = new Set<string>()
      let rolling = true
      const reading = (async () => {
        while (rolling) {
          const { rows } = await reader.query<{ keys: string; customers: string }>(
            `select string_agg(distinct segment_key || run_key, ' ') as keys, count(*) as customers from customer_segments`,
          )
          seen.add(`${rows[0]!.keys} ${rows[0]!.customers}`)
        }
      })()
      for (let turn = 0; turn < 6; turn++) await rollBack(turn % 2 === 0 ? first : second)
      rolling = false
      await reading
      expect([...seen].sort()).toEqual(['shop-1shop@2020-01-01 500', 'shop-2shop@2021-01-01 500'])
      const after = await holder.query('select * from customer_segments order by customer_id')
      expect(after.rows).toEqual(before.rows)
    } finally {
      await Promise.all([holder.end(), reader.end()])
    }
  })

  it('and publications at the same time happen one after the other', async () => {
    await publish(0, 'a shop-1')
    const to = live!.run
    await publish(1, 'a shop-2')
    const candidate = await makeCandidate(target, { asOf: years[2]!, members: members('a shop-3'), before: live! })
    const results = await Promise.allSettled([
      rollBack(to),
      target.warehouse.publish(target.session, candidate, nobodyLooks),
    ])
    // Whoever came second was decided, or compared, with what is no longer live.
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [refused] = results.filter((result) => result.status === 'rejected')
    expect(refused!.reason).toMatchObject({ type: 'PublishConflict' })
    expect(await target.query('select segment_key from customer_segments')).toEqual([
      { segment_key: results[0]!.status === 'fulfilled' ? 'shop-1' : 'shop-3' },
    ])
  })

  async function publish(year: number, text: string, revision = 1) {
    const candidate = await makeCandidate(target, {
      asOf: years[year]!,
      revision,
      members: members(text),
      ...(live && { before: live }),
    })
    await target.warehouse.publish(target.session, candidate, nobodyLooks)
    const { runKey } = candidate.plan
    live = { runId: formatRunId(candidate.plan), members: members(text), run: { runKey, revision } }
    return candidate
  }

  async function rollBack(to?: RunIdentity, reason = 'It was wrong.') {
    const point = await target.warehouse.findReturnPoint('shop', to)
    return target.warehouse.rollBack('shop', { from: point.from, to: point.run, by: 'crm', reason })
  }
})
