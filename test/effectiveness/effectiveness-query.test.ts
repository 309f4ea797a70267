import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverageQuery, outcomesQuery } from '../../src/effectiveness/effectiveness-query.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { openSession } from '../stages/engine-session.ts'

const rows = {
  ...{ members: 'members', laterMembers: 'later', lines: 'lines' },
  ...{ from: '2026-07-01T00:00:00Z', until: '2026-10-01T00:00:00Z' },
}

describe('outcomes of segments', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession())
    await session.execute(`create table members as select * from (values
      (3, 'a', 'shop-1'), (1, 'b', 'shop-2'), (2, 'c', 'shop-2'), (9, 'gone', 'shop-1')) as m(bucket, customer_id, segment_key)`)
    await session.execute(`create table later as select * from (values
      (3, 'a', 'shop-1'), (1, 'b', 'shop-1'), (2, 'c', 'shop-4'), (5, 'new', 'shop-1'), (6, 'left-out', 'shop-1')) as m(bucket, customer_id, segment_key)`)
    await session.execute(`create table lines as select customer_id, cast("at" as timestamp) as occurred_at, order_id,
        cast(amount as decimal(18, 4)) as amount, amount < 0 as is_return from (values
      ('a', '2026-06-30 23:59:59.999999', 'a1', 5), ('a', '2026-07-01', 'a2', 7), ('a', '2026-09-30 23:59:59', 'a3', 11),
      ('a', '2026-10-01', 'a4', 1000), ('b', '2026-01-01', 'b1', 3), ('b', '2026-08-01', 'b1', -3), ('new', '2026-08-01', 'n1', 1),
      ('left-out', '2026-05-01', 'l1', 1), ('left-out', '2026-08-01', 'l2', 1)) as t(customer_id, "at", order_id, amount)`)
  })
  afterAll(() => close())

  it('begin with the as-of and end before that of the later run: what was known lies before, and nothing of it after', async () => {
    const found = await session.rows(outcomesQuery(rows))
    const summary = found.map(({ segment, later_segment, spend, orders, past_spend, past_orders }) => [
      ...[segment, later_segment, spend, orders, past_spend, past_orders],
    ])
    // In the order of buckets: b, c, a. Who is not in both runs is not judged.
    expect(summary).toEqual([
      [1, 0, -3, 0, 3, 1],
      [1, 1, 0, 0, 0, 0],
      [0, 0, 18, 2, 5, 1],
    ])
    expect(Number(found[2]!.last_order)).toBe(Date.parse('2026-06-30T23:59:59.999Z') * 1_000 + 999)
  })

  it('cover those who bought before and since, new ones left out', async () => {
    expect(await session.rows(coverageQuery(rows))).toEqual([{ buyers: 2, covered: 1 }])
  })

  it('do not change with anything that comes after the later as-of', async () => {
    const before = await session.rows(outcomesQuery(rows))
    await session.execute(
      "insert into lines values ('c', timestamp '2026-10-01', 'c9', 500, false), ('a', timestamp '2027-01-01', 'a9', 500, false)",
    )
    expect(await session.rows(outcomesQuery(rows))).toEqual(before)
  })
})
