import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeSession } from '../../../src/ports/compute-engine.ts'
import { openSession } from '../engine-session.ts'
import { haveCdnowLines, readCdnowLines } from './cdnow-lines.ts'
import { featuresOf } from './feature-rows.ts'

let session: ComputeSession
let close: () => Promise<void>

beforeAll(async () => {
  ;({ session, close } = await openSession())
})
afterAll(async () => close())

const COLUMNS =
  'bucket integer, customer_id varchar, occurred_at timestamp, order_id varchar, amount decimal(18, 4), is_return boolean'

async function rowsOf(
  config: readonly unknown[],
  lines: readonly (readonly [string, string, string, number])[],
  timezone = 'UTC',
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  await session.execute(`create or replace table transactions (${COLUMNS})`)
  const values = lines.map(
    ([customer, at, order, amount]) => `(1, '${customer}', timestamp '${at}', '${order}', ${amount}, ${amount < 0})`,
  )
  await session.execute(`insert into transactions values ${values.join(', ')}`)
  const { query } = await featuresOf(session, config, { asOf: '2026-06-30T22:00:00Z', timezone })
  return session.rows(`select * exclude (bucket) from (${query}) order by customer_id`)
}

const all = ['repeatPurchases', 'purchaseAge', 'observedAge', 'meanRepeatSpend']

describe('features of repeat buying (by hand)', () => {
  it('take all orders of a calendar day in the zone of the pipeline as one purchase', async () => {
    const lines = [
      // 1 June in Berlin, two orders; 2 June there, although still 1 June in UTC; a return is no purchase.
      ['ann', '2026-06-01 08:00:00', 'o1', 10],
      ['ann', '2026-06-01 20:00:00', 'o2', 5],
      ['ann', '2026-06-01 22:30:00', 'o3', 30],
      ['ann', '2026-06-20 10:00:00', 'o4', 50],
      ['ann', '2026-06-25 10:00:00', 'r1', -50],
    ] as const
    // The as-of is the midnight that ends 30 June in Berlin. Days 1, 2 and 20; (30 + 50) ÷ 2.
    expect(await rowsOf(all, lines, 'Europe/Berlin')).toEqual([
      { customer_id: 'ann', repeatPurchases: 2, purchaseAge: 19, observedAge: 29, meanRepeatSpend: 40 },
    ])
    // In UTC the first three are of one day, and the as-of lies within 30 June.
    expect(await rowsOf(all, lines)).toEqual([
      { customer_id: 'ann', repeatPurchases: 1, purchaseAge: 19, observedAge: 29, meanRepeatSpend: 50 },
    ])
  })

  it('have no repeat spend for one-time buyers', async () => {
    expect(await rowsOf(all, [['bob', '2026-06-30 08:00:00', 'o1', 10]])).toEqual([
      { customer_id: 'bob', repeatPurchases: 0, purchaseAge: 0, observedAge: 0, meanRepeatSpend: null },
    ])
  })

  it('are as they were before a cutoff, beside what came after it', async () => {
    const config = [
      ...all.map((name) => ({ [name]: [{}, { cutoff: '10 days' }] })),
      { purchaseDays: { window: '10 days' } },
      { purchaseSpend: { window: '10 days' } },
    ]
    const lines = [
      ['ann', '2026-06-01 08:00:00', 'o1', 10],
      ['ann', '2026-06-11 08:00:00', 'o2', 20],
      ['ann', '2026-06-21 08:00:00', 'o3', 40],
      ['ann', '2026-06-21 09:00:00', 'o4', 2],
      ['cid', '2026-06-25 08:00:00', 'o5', 7],
    ] as const
    // 10 days before are the midnight that ends 20 June in Berlin.
    expect(await rowsOf(config, lines, 'Europe/Berlin')).toEqual([
      {
        customer_id: 'ann',
        ...{ repeatPurchases: 2, purchaseAge: 20, observedAge: 29, meanRepeatSpend: 31 },
        ...{ repeatPurchases_before_10_days: 1, purchaseAge_before_10_days: 10 },
        ...{ observedAge_before_10_days: 19, meanRepeatSpend_before_10_days: 20 },
        ...{ purchaseDays: 1, purchaseSpend: 42 },
      },
      {
        customer_id: 'cid',
        ...{ repeatPurchases: 0, purchaseAge: 0, observedAge: 5, meanRepeatSpend: null },
        ...{ repeatPurchases_before_10_days: null, purchaseAge_before_10_days: null },
        ...{ observedAge_before_10_days: null, meanRepeatSpend_before_10_days: null },
        ...{ purchaseDays: 1, purchaseSpend: 7 },
      },
    ])
  })
})

describe.runIf(haveCdnowLines())('features of repeat buying on the CDNOW sample', () => {
  // Published with the BG/NBD paper: 2,357 customers, 946 of them with repeats; 2,457 repeat days to 1997-09-30 (computed with pandas).
  // Customer 0004 of the summary: x 2, t_x 30.43 weeks, T 38.86 weeks, mean repeat spend 22.35 USD (29.73 and 14.96).
  it('are those that Fader & Hardie summarise', async () => {
    await readCdnowLines(session)
    const config = [...all, { purchaseDays: { window: '39 weeks' } }]
    const { query } = await featuresOf(session, config, { asOf: '1997-10-01T00:00:00Z', timezone: 'UTC' })
    await session.execute(`create or replace table found as ${query}`)
    const [totals] = await session.rows(
      `select count(*) as customers, count(*) filter (where repeatPurchases > 0) as repeaters, cast(sum(cast(repeatPurchases as integer)) as integer) as repeats,
        count(meanRepeatSpend) as spenders from found`,
    )
    expect(totals).toEqual({ customers: 2357, repeaters: 946, repeats: 2457, spenders: 946 })
    const [first] = await session.rows("select * exclude (bucket) from found where customer_id = '00004'")
    expect(first).toMatchObject({ repeatPurchases: 2, purchaseAge: 213, observedAge: 272 })
    expect(first!.meanRepeatSpend).toBeCloseTo((29.73 + 14.96) / 2, 9)
  })
})
