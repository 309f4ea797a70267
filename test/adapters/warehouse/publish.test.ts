import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CountsDoNotReconcile } from '../../../src/errors/counts-do-not-reconcile.ts'
import { OlderThanPublished } from '../../../src/errors/older-than-published.ts'
import { PublishConflict } from '../../../src/errors/publish-conflict.ts'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { formatRunId } from '../../../src/run/run-key.ts'
import { makeCandidate, members, openSession } from './candidate.ts'
import { openFreshSchema, type FreshSchema } from './fresh-schema.ts'

const july = '2026-07-01T00:00:00.000Z'
const october = '2026-10-01T00:00:00.000Z'
const quarters = Array.from({ length: 11 }, (_, index) => `20${20 + index}-01-01T00:00:00.000Z`)
const nobodyLooks = (): void => undefined

describe('a publication', () => {
  let target: FreshSchema

  beforeEach(async () => {
    target = await openFreshSchema()
  })
  afterEach(() => target.close())

  it('is out once however often it is published', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2'), shards: 3 })
    const first = await target.warehouse.publish(target.session, candidate, nobodyLooks)
    const second = await target.warehouse.publish(target.session, candidate, nobodyLooks)
    expect(first).toMatchObject({ written: true, customers: 2 })
    expect(second).toEqual({ ...first, written: false })
    const both = await Promise.all(
      [0, 1, 2].map(() => target.warehouse.publish(target.session, candidate, nobodyLooks)),
    )
    expect(both.map((outcome) => outcome.written)).toEqual([false, false, false])
    expect(await target.query('select customer_id, segment_key from customer_segments order by 1')).toEqual([
      { customer_id: 'a', segment_key: 'shop-1' },
      { customer_id: 'b', segment_key: 'shop-2' },
    ])
    expect(await target.countOf('publication')).toBe(1)
    expect(await target.countOf('customer_segment_history')).toBe(2)
  })

  it('tells the planner of Postgres how many customers there are', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2, c shop-2') })
    await target.warehouse.publish(target.session, candidate, nobodyLooks)
    const [table] = await target.query<{ rows: number }>(
      "select reltuples::int as rows from pg_class where oid = 'membership_open'::regclass",
    )
    expect(table!.rows).toBe(3)
  })

  it('is out once when two attempts of it overlap', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2') })
    const other = await openFreshSession(target)
    const outcomes = await Promise.all([
      target.warehouse.publish(target.session, candidate, nobodyLooks),
      target.warehouse.publish(other, candidate, nobodyLooks),
    ])
    await other.close()
    expect(outcomes.map((outcome) => outcome.written).sort()).toEqual([false, true])
    expect(outcomes[0].publicationId).toBe(outcomes[1].publicationId)
    expect(await target.scorePartitions()).toEqual([`membership_score_${outcomes[0].publicationId}`])
  })

  it('wins alone against another one at the same time, and the other is a conflict that leaves nothing', async () => {
    const first = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2') })
    const second = await makeCandidate(target, { asOf: october, members: members('a shop-1, b shop-2, c shop-1') })
    const other = await openFreshSession(target)
    const outcomes = await Promise.allSettled([
      target.warehouse.publish(target.session, first, nobodyLooks),
      target.warehouse.publish(other, second, nobodyLooks),
    ])
    await other.close()
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(1)
    const winner = outcomes[0].status === 'fulfilled' ? first : second
    expect(refused[0]!.reason).toBeInstanceOf(winner === first ? PublishConflict : OlderThanPublished)
    expect(await target.countOf('customer_segments')).toBe(winner.validation.customers)
    await target.publish({
      asOf: '2027-01-01T00:00:00.000Z',
      members: members('a shop-1'),
      before: {
        runId: formatRunId(winner.plan),
        members: winner === first ? members('a shop-1, b shop-2') : members('a shop-1, b shop-2, c shop-1'),
      },
    })
    // The next publication has dropped what the loser had loaded.
    expect(await target.scorePartitions()).toHaveLength(2)
    expect(await target.countOf('publication')).toBe(2)
  })

  it('can be stopped until right before the switch, and is whole when it is tried again', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2') })
    let looks = 0
    const stop = (): void => {
      if (++looks === 2) throw new Error('stopped')
    }
    await expect(target.warehouse.publish(target.session, candidate, stop)).rejects.toThrow('stopped')
    expect(await target.countOf('customer_segments')).toBe(0)
    expect(await target.warehouse.publish(target.session, candidate, nobodyLooks)).toMatchObject({ written: true })
  })

  it('is refused when its rows are not those that were validated', async () => {
    const candidate = await makeCandidate(target, { asOf: july, members: members('a shop-1, b shop-2') })
    const twice = { ...candidate, rowFiles: [...candidate.rowFiles, ...candidate.rowFiles] }
    await expect(target.warehouse.publish(target.session, twice, nobodyLooks)).rejects.toBeInstanceOf(
      CountsDoNotReconcile,
    )
    const fewer = { ...candidate, rowFiles: [] }
    await expect(target.warehouse.publish(target.session, fewer, nobodyLooks)).rejects.toBeInstanceOf(
      CountsDoNotReconcile,
    )
    expect(await target.countOf('customer_segments')).toBe(0)
    expect(await target.scorePartitions()).toEqual([])
  })

  it('costs an unchanged customer no row and keeps its since', async () => {
    const before = members('a shop-1, b shop-2')
    const live = await target.publish({ asOf: july, members: before })
    await target.publish({
      asOf: october,
      members: members('a shop-1, b shop-1'),
      before: { runId: live.runId, members: before },
    })
    expect(
      await target.query('select customer_id, segment_key, since, as_of, run_key from customer_segments order by 1'),
    ).toEqual([
      {
        customer_id: 'a',
        segment_key: 'shop-1',
        since: new Date(july),
        as_of: new Date(october),
        run_key: 'shop@2026-10-01',
      },
      {
        customer_id: 'b',
        segment_key: 'shop-1',
        since: new Date(october),
        as_of: new Date(october),
        run_key: 'shop@2026-10-01',
      },
    ])
    expect(
      await target.query(`select customer_id, segment_key, valid_from, valid_to, move_reason, published_to is null as is_visible
        from customer_segment_history order by 1, 3`),
    ).toEqual([
      {
        customer_id: 'a',
        segment_key: 'shop-1',
        valid_from: new Date(july),
        valid_to: null,
        move_reason: 'new',
        is_visible: true,
      },
      {
        customer_id: 'b',
        segment_key: 'shop-2',
        valid_from: new Date(july),
        valid_to: new Date(october),
        move_reason: 'new',
        is_visible: false,
      },
      {
        customer_id: 'b',
        segment_key: 'shop-1',
        valid_from: new Date(october),
        valid_to: null,
        move_reason: 'behaviour',
        is_visible: true,
      },
    ])
    expect(await target.query('select segment_key, status, customers from segments order by 1')).toEqual([
      { segment_key: 'shop-1', status: 'active', customers: '2' },
      { segment_key: 'shop-2', status: 'retired', customers: '0' },
    ])
  })

  it('opens a new period for a customer that returns, and one for a holdout that changes', async () => {
    const first = members('a shop-1, b shop-1')
    const second = members('b shop-1!')
    const one = await target.publish({ asOf: quarters[0]!, members: first })
    const two = await target.publish({
      asOf: quarters[1]!,
      members: second,
      before: { runId: one.runId, members: first },
    })
    await target.publish({
      asOf: quarters[2]!,
      members: first,
      before: { runId: two.runId, members: second },
      former: new Set(['a']),
    })
    expect(
      await target.query(
        `select customer_id, event, run_key, move_reason from segment_events order by run_key, customer_id`,
      ),
    ).toEqual([
      { customer_id: 'a', event: 'entered', run_key: 'shop@2020-01-01', move_reason: 'new' },
      { customer_id: 'b', event: 'entered', run_key: 'shop@2020-01-01', move_reason: 'new' },
      { customer_id: 'a', event: 'left', run_key: 'shop@2021-01-01', move_reason: 'lost' },
      { customer_id: 'a', event: 'entered', run_key: 'shop@2022-01-01', move_reason: 'returned' },
    ])
    expect(await target.query(`select valid_from, is_holdout from membership_open where customer_id = 'b'`)).toEqual([
      { valid_from: new Date(quarters[2]!), is_holdout: false },
    ])
  })

  it('of a second revision replaces the first one, and the events of both stay', async () => {
    const first = members('a shop-1, b shop-2')
    const one = await target.publish({ asOf: july, members: first })
    await target.publish({
      asOf: july,
      revision: 2,
      members: members('a shop-2, b shop-2'),
      before: { runId: one.runId, members: first },
    })
    expect(
      await target.query('select customer_id, segment_key, valid_to from customer_segment_history order by 1'),
    ).toEqual([
      { customer_id: 'a', segment_key: 'shop-2', valid_to: null },
      { customer_id: 'b', segment_key: 'shop-2', valid_to: null },
    ])
    expect(
      await target.query(`select revision, customer_id, event, to_segment_key from segment_events order by 1, 2`),
    ).toEqual([
      { revision: 1, customer_id: 'a', event: 'entered', to_segment_key: 'shop-1' },
      { revision: 1, customer_id: 'b', event: 'entered', to_segment_key: 'shop-2' },
      { revision: 2, customer_id: 'a', event: 'moved', to_segment_key: 'shop-2' },
    ])
    expect(await target.query('select revision, status from runs order by 1')).toEqual([
      { revision: 1, status: 'superseded' },
      { revision: 2, status: 'published' },
    ])
  })
})

async function openFreshSession({ scratchPath }: FreshSchema): Promise<ComputeSession> {
  return (await openSession(scratchPath)).session
}
