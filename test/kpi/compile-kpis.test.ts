import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kpiCatalogue } from '../../src/kpi/catalogue/catalogue.ts'
import { compileCampaigns } from '../../src/kpi/campaigns.ts'
import { compileKpis, computable, readSums } from '../../src/kpi/compile-kpis.ts'
import type { KpiInputs } from '../../src/kpi/inputs.ts'
import { kpisConfig } from '../../src/kpi/config.ts'
import type { ComputeSession } from '../../src/ports/compute-engine.ts'
import { openSession } from '../stages/engine-session.ts'

const q3 = { name: '2026-Q3', start: '2026-07-01T00:00:00Z', end: '2026-10-01T00:00:00Z' }
const q2 = { name: '2026-Q2', start: '2026-04-01T00:00:00Z', end: q3.start }
const q1 = { name: '2026-Q1', start: '2026-01-01T00:00:00Z', end: q2.start }

const inputs: KpiInputs = {
  ...{ members: 'resolved', ofShard: 'true', isOfBuyers: true },
  columns: {
    transactions: ['customer_id', 'occurred_at', 'order_id', 'amount', 'cost', 'is_return'],
    events: ['customer_id', 'occurred_at', 'event'],
    survey: ['customer_id', 'occurred_at', 'question', 'answer'],
    touches: ['customer_id', 'occurred_at', 'campaign', 'cost', 'responded'],
  },
  predicted: { table: 'population', column: 'lifetimeValue' },
  periods: [q3, q2, q1],
  settings: kpisConfig.parse({ csat: { question: 'happy' }, nps: { question: 'recommend' } }),
}

describe('sums of figures, counted by hand', () => {
  let session: ComputeSession
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ session, close } = await openSession())
    await session.execute(`create table resolved as select * from (values
      (0, 'a', 'rich'), (1, 'b', 'rich'), (2, 'c', 'poor'), (3, 'd', 'poor')) as r(bucket, customer_id, segment_key)`)
    await session.execute(
      "create table population as select * from (values ('a', 100.005), ('b', null), ('c', 3.0), ('d', 'nan'::double)) as p(customer_id, \"lifetimeValue\")",
    )
    // a: two orders in Q3, one in Q2, and a return in Q3; b: in Q2 only; c: from Q3 on, two lines of one order; d: long ago, in Q4 of 2025.
    await session.execute(`create table transactions as select customer_id, cast("at" as timestamp) as occurred_at, order_id,
        amount::decimal(18, 4) as amount, cost::decimal(18, 4) as cost, amount < 0 as is_return from (values
      ('a', '2026-07-01 00:00:00', 'a1', 10.10, 4.00), ('a', '2026-08-01', 'a2', 20.20, null), ('a', '2026-08-02', 'a3', -5.05, 1.00),
      ('a', '2026-06-30 23:59:59', 'a0', 7.00, null), ('b', '2026-04-01', 'b1', 50, null),
      ('c', '2026-09-30', 'c1', 1.50, 2), ('c', '2026-09-30', 'c1', 1.50, null),
      ('d', '2025-12-01', 'd1', 9, null), ('d', '2026-10-01', 'd2', 1000, null)) as t(customer_id, "at", order_id, amount, cost)`)
    await session.execute(`create table events as select customer_id, cast("at" as timestamp) as occurred_at, 'view' as event from (values
      ('b', '2026-07-05'), ('b', '2026-07-06'), ('d', '2026-09-01'), ('a', '2026-04-05')) as e(customer_id, "at")`)
    await session.execute(`create table survey as select customer_id, cast("at" as timestamp) as occurred_at, question, answer from (values
      ('a', '2026-07-05', 'happy', '2'), ('a', '2026-07-06', 'happy', '4'), ('b', '2026-07-06', 'happy', 'no idea'),
      ('a', '2026-07-05', 'recommend', '9'), ('b', '2026-07-05', 'recommend', '6'), ('c', '2026-08-05', 'recommend', '8'),
      ('c', '2026-08-06', 'recommend', '11')) as s(customer_id, "at", question, answer)`)
    // a's second order lies 13 days after a touch, c's exactly 14 days, which is not within them.
    await session.execute(`create table touches as select customer_id, cast("at" as timestamp) as occurred_at, campaign, cost::decimal(18, 4) as cost,
        responded from (values
      ('a', '2026-07-19', 'mail', 0.50, null), ('a', '2026-08-20', 'mail', null, true), ('c', '2026-09-16', 'mail', 0.25, false),
      ('b', '2026-06-30', 'mail', 0.50, null), ('b', '2026-07-02', 'mail', null, true), ('d', '2026-09-01', 'post', 1, null)
      ) as t(customer_id, "at", campaign, cost, responded)`)
  })
  afterAll(() => close())

  const sums = async (of: KpiInputs): Promise<Readonly<Record<string, readonly number[]>>> => {
    const entries = computable(kpiCatalogue, of)
    const rows = await session.rows(compileKpis(entries, of))
    return Object.fromEntries(
      rows.flatMap((row) =>
        entries.map((entry, i) => {
          const { n, x, y, xx, xy, yy } = readSums(entry, i, row)
          return [`${entry.name} ${String(row.period)} ${String(row.segment_key)}`, [n, x, y, xx, xy, yy].map(Number)]
        }),
      ),
    )
  }

  it('are those of the members of each segment in each period, money in hundredths', async () => {
    expect(computable(kpiCatalogue, inputs)).toHaveLength(kpiCatalogue.length)
    const found = await sums(inputs)
    const firstThree = (at: string): readonly number[] => found[at]!.slice(0, 3)
    // n, x, y: customers, buyers or what else, members or what else.
    expect(firstThree('conversion 0 rich')).toEqual([2, 1, 2])
    expect(firstThree('conversion 0 poor')).toEqual([2, 1, 2])
    // c was not known before Q3.
    expect(firstThree('conversion 1 poor')).toEqual([1, 0, 1])
    expect(firstThree('conversion 1 rich')).toEqual([2, 2, 2])
    expect(firstThree('retention 0 rich')).toEqual([2, 1, 2])
    expect(firstThree('retention 0 poor')).toEqual([0, 0, 0])
    expect(firstThree('repurchase 0 rich')).toEqual([1, 1, 1])
    expect(firstThree('repurchase 0 poor')).toEqual([1, 0, 1])
    expect(firstThree('averageOrderValue 0 rich')).toEqual([1, 3_030, 2])
    expect(firstThree('revenuePerCustomer 0 rich')).toEqual([2, 2_525, 2])
    expect(found['revenuePerCustomer 0 rich']!.slice(3)).toEqual([2_525 ** 2, 2_525, 2])
    expect(firstThree('lifetimeValue 0 rich')).toEqual([2, 2_525 + 700 + 5_000, 2])
    expect(firstThree('lifetimeValue 1 rich')).toEqual([2, 5_700, 2])
    expect(firstThree('lifetimeValue 1 poor')).toEqual([1, 900, 1])
    // A return takes its margin away: 10.10 − 5.05 less 4 − 1.
    expect(firstThree('marginRate 0 rich')).toEqual([1, 205, 505])
    expect(firstThree('marginRate 0 poor')).toEqual([1, -50, 150])
    expect(firstThree('engagement 0 rich')).toEqual([2, 1, 2])
    expect(firstThree('engagement 1 rich')).toEqual([2, 1, 2])
    expect(firstThree('csat 0 rich')).toEqual([1, 1, 1])
    expect(firstThree('nps 0 rich')).toEqual([2, 0, 2])
    // 11 is no answer, so that the one before counts.
    expect(firstThree('nps 0 poor')).toEqual([1, 0, 1])
    expect(firstThree('predictedLifetimeValue 0 rich')).toEqual([1, 10_001, 1])
    expect(firstThree('predictedLifetimeValue 0 poor')).toEqual([1, 300, 1])
    expect(firstThree('predictedLifetimeValue 1 rich')).toEqual([0, 0, 0])
    expect(firstThree('contactCost 0 rich')).toEqual([2, 50, 2])
    // b was reached in Q2 and answered in Q3: a response of Q2.
    expect(firstThree('responseRate 0 rich')).toEqual([1, 1, 1])
    expect(firstThree('responseRate 1 rich')).toEqual([1, 1, 1])
    expect(firstThree('responseRate 0 poor')).toEqual([2, 0, 2])
    expect(firstThree('campaignConversion 0 rich')).toEqual([2, 1, 2])
    expect(firstThree('campaignConversion 0 poor')).toEqual([2, 0, 2])
    expect(firstThree('attributedRevenue 0 rich')).toEqual([2, 2_020, 2])
    expect(firstThree('returnOnSpend 0 rich')).toEqual([1, 2_020, 50])
  })

  it('add up over shards to what one shard has', async () => {
    const whole = await sums(inputs)
    const halves = [await sums({ ...inputs, ofShard: 'bucket < 2' }), await sums({ ...inputs, ofShard: 'bucket >= 2' })]
    for (const [at, sum] of Object.entries(whole))
      expect(
        sum.map((_, i) => halves.reduce((total, half) => total + (half[at]?.[i] ?? 0), 0)),
        at,
      ).toEqual(sum)
  })

  it('of campaigns count who was reached first within the periods, who answered, what it cost and what the last touch brought', async () => {
    const rows = await session.rows(`select * from (${compileCampaigns(inputs)}) order by campaign, segment_key`)
    expect(
      rows.map((row) => Object.values(row).map((value) => (typeof value === 'string' ? value : Number(value)))),
    ).toEqual([
      ['poor', 'mail', 1, 0, 25, 0],
      ['rich', 'mail', 2, 2, 100, 2_020],
      ['poor', 'post', 1, 0, 100, 0],
    ])
  })

  it('take the revenue that touches say where asked, and the longer window', async () => {
    const longer = kpisConfig.parse({ attribution: { window: '15 days' } })
    expect((await sums({ ...inputs, settings: longer }))['attributedRevenue 0 poor']!.slice(0, 3)).toEqual([2, 300, 2])
    await session.execute('create or replace table told as select *, cost * 10 as revenue from touches')
    await session.execute('drop table touches')
    await session.execute('alter table told rename to touches')
    const told = {
      ...inputs,
      columns: { ...inputs.columns, touches: [...inputs.columns.touches!, 'revenue'] },
      settings: kpisConfig.parse({ attribution: { by: 'touches' } }),
    }
    expect((await sums(told))['attributedRevenue 0 poor']!.slice(0, 3)).toEqual([2, 1_250, 2])
  })

  it('are none of what the data do not tell', () => {
    const few = computable(kpiCatalogue, {
      ...inputs,
      columns: { transactions: ['customer_id', 'occurred_at', 'order_id', 'amount', 'is_return'] },
      predicted: null,
    })
    expect(few.map(({ name }) => name)).toEqual([
      ...['conversion', 'purchaseFrequency', 'averageOrderValue', 'revenuePerCustomer', 'retention', 'repurchase'],
      'lifetimeValue',
    ])
  })
})
