import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layOutMeasured, measuredRelation } from '../../src/experiment/measured-outcomes.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { openSession } from '../stages/engine-session.ts'

const rows = { transactions: 'transactions', touches: 'touches' }
/** A month, and so a month before: from 2026-07-01. */
const span = { from: '2026-08-01T00:00:00Z', until: '2026-09-01T00:00:00Z' }

describe('what became of customers, counted by hand', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession())
    await session.execute(`create table assigned as select * from (values ('a'), ('b'), ('c')) as v (customer_id)`)
    await session.execute(`create table transactions as
      select customer_id, order_id, cast("at" as timestamp) as occurred_at, amount, is_return from (values
        -- Two lines of one order at the first instant, one at the last before the end, one at the end itself.
        ('a', 'o1', '2026-08-01 00:00:00', 10.50, false), ('a', 'o1', '2026-08-01 00:00:00', 4.50, false),
        ('a', 'o2', '2026-08-31 23:59:59.999999', 5.00, false), ('a', 'o3', '2026-09-01 00:00:00', 99.00, false),
        ('a', 'r1', '2026-08-20 00:00:00', -3.00, true),
        -- Before: the last instant, the first of a time as long, and one that is too early.
        ('a', 'o4', '2026-07-31 23:59:59', 7.00, false), ('b', 'o5', '2026-07-01 00:00:00', 2.00, false),
        ('b', 'o6', '2026-06-30 23:59:59', 50.00, false),
        -- Only sent back: bought nothing.
        ('b', 'r2', '2026-08-02 00:00:00', -2.00, true),
        ('stranger', 'o7', '2026-08-02 00:00:00', 1000.00, false)
      ) as v (customer_id, order_id, "at", amount, is_return)`)
    await session.execute(`create table touches as
      select customer_id, cast("at" as timestamp) as occurred_at, responded from (values
        ('a', '2026-08-05 00:00:00', false), ('a', '2026-08-06 00:00:00', true), ('b', '2026-08-05 00:00:00', null)
      ) as v (customer_id, "at", responded)`)
  })
  afterAll(() => close())

  it('lies within the span or right before it, and is nothing where there are no rows', async () => {
    const metrics = ['conversion', 'orders', 'spend', 'contacts', 'response']
    const layout = layOutMeasured(rows, metrics)
    const found = await session.rows(
      `select * from ${measuredRelation('assigned', rows, span, layout)} order by customer_id`,
    )
    const figures = found.map((row) => [
      row.customer_id,
      ...metrics.flatMap((name) => [Number(row[name]), Number(row[`${name}_before`])]),
    ])
    expect(figures).toEqual([
      ['a', 1, 1, 2, 1, 17, 7, 2, 0, 1, 0],
      ['b', 0, 1, 0, 1, -2, 2, 1, 0, 0, 0],
      ['c', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
  })

  it('is all that the rows tell unless metrics are named; contacts are what was done, and only named', () => {
    const namesOf = (there: typeof rows | { transactions: null; touches: string }) =>
      layOutMeasured(there, undefined).metrics.map(({ name }) => name)
    expect(namesOf(rows)).toEqual(['conversion', 'orders', 'spend', 'response'])
    expect(namesOf({ transactions: null, touches: 'touches' })).toEqual(['response'])
    expect(() => layOutMeasured({ transactions: null, touches: 'touches' }, ['spend'])).toThrow(
      'The rows of the run tell nothing of spend; they tell of contacts, response.',
    )
  })
})
