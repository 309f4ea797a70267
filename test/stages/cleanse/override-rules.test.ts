import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { cleanseRows, valuesOf } from './cleanse-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
  await session.execute(
    `create table known_customers as select unnest(['a', 'b', 'c', 'd', 'e', 'f', 'g']) as customer_id`,
  )
})
afterAll(async () => close())

const columns =
  'customer_id varchar, segment varchar, stated_reason varchar, author varchar, starts timestamp, expires timestamp'

/** Expected values are worked out by hand; the as-of is 2026-02-01. */
async function cleanse(rows: readonly string[], config: readonly unknown[] = [], of = columns) {
  await session.execute(
    `create or replace table raw (bucket integer, ${of}, type_faults varchar);
     insert into raw values ${rows.map((row) => `(1, ${row}, null)`).join(', ')}`,
  )
  const { compiled } = await cleanseRows(session, config, 'overrides')
  return {
    clean: await valuesOf(session, compiled.clean, 'customer_id, segment, author'),
    rejects: await valuesOf(session, compiled.rejects, 'customer_id, rule, reason'),
  }
}

describe('the rules of overrides', () => {
  it('keep those in effect at the as-of: from their start on, and before they expire', async () => {
    const { clean, rejects } = await cleanse([
      "'a', 'VIP', 'r', 'ann', '2026-02-01', '2026-02-01 00:00:01'",
      "'b', 'VIP', 'r', 'ann', null, '2026-02-01'",
      "'c', 'VIP', 'r', 'ann', '2026-02-01 00:00:01', null",
      "'d', 'VIP', 'r', 'ann', null, null",
    ])
    expect(clean).toEqual([
      ['a', 'VIP', 'ann'],
      ['d', 'VIP', 'ann'],
    ])
    expect(rejects).toEqual([
      ['b', 'inactive', 'has ended by the as-of'],
      ['c', 'inactive', 'begins after the as-of'],
    ])
  })

  it('want a segment, a reason and an author of each, and a customer whom the run knows', async () => {
    const { clean, rejects } = await cleanse([
      "'a', null, 'r', 'ann', null, null",
      "'b', 'VIP', null, null, null, null",
      "'nobody', 'VIP', 'r', 'ann', null, null",
    ])
    expect(clean).toEqual([])
    expect(rejects).toEqual([
      ['a', 'required', 'segment is empty'],
      ['b', 'required', 'stated_reason, author is empty'],
      ['nobody', 'unmatched', 'its customer has no clean transactions or attributes'],
    ])
  })

  it('reject all that contradict each other, and keep one of those that agree', async () => {
    const { clean, rejects } = await cleanse([
      "'a', 'VIP', 'r', 'ann', null, null",
      "'a', 'Lost', 'r', 'bob', null, null",
      "'b', 'VIP', 'r', 'bob', null, null",
      "'b', 'VIP', 'r', 'ann', null, null",
      // What has ended contradicts nobody.
      "'c', 'Lost', 'r', 'ann', null, '2026-01-01'",
      "'c', 'VIP', 'r', 'ann', null, null",
    ])
    expect(clean).toEqual([
      ['b', 'VIP', 'ann'],
      ['c', 'VIP', 'ann'],
    ])
    expect(rejects).toEqual([
      ['a', 'contested', 'its customer is put into several segments'],
      ['a', 'contested', 'its customer is put into several segments'],
      ['b', 'duplicates(customer_id)', 'equal to another row in customer_id'],
      ['c', 'inactive', 'has ended by the as-of'],
    ])
  })

  it('let the list decide between those that contradict each other: here the one that began last', async () => {
    const { clean } = await cleanse(
      ["'a', 'VIP', 'r', 'ann', '2025-01-01', null", "'a', 'Lost', 'r', 'bob', '2026-01-01', null"],
      [{ rule: 'duplicates', of: 'overrides', by: ['customer_id'], column: 'starts', keep: 'last' }],
    )
    expect(clean).toEqual([['a', 'Lost', 'bob']])
  })

  it('count forever where the source knows no time', async () => {
    const plain = 'customer_id varchar, segment varchar, stated_reason varchar, author varchar'
    expect((await cleanse(["'a', 'VIP', 'r', 'ann'"], [], plain)).clean).toEqual([['a', 'VIP', 'ann']])
  })
})
