import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCleanseActivities } from '../../src/activities/cleanse.ts'
import type { StageOutput } from '../../src/activities/activities.ts'
import type { DataQualityRow } from '../../src/stages/cleanse/data-quality.ts'
import type { CleanProfile } from '../../src/stages/cleanse/profile.ts'
import { openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

let bench: StageBench
beforeAll(async () => {
  bench = await openStageBench()
})
afterAll(() => bench.close())

// Forty customers with an order of 1 … 40 each, the first one a tester; fifty people, of whom ten never bought; events of sixty.
const lines = `
  select 'c' || i as customer_id, timestamp '2026-01-01' + to_hours(i) as occurred_at, 'o' || i as order_id,
    cast(i as decimal(18, 4)) as amount, cast(null as varchar) as type_faults
  from (select unnest(range(1, 41)) as i)`
const people = `
  select 'c' || i as customer_id, case when i % 5 = 0 then null when i % 2 = 0 then 'DE' else 'FR' end as country,
    timestamp '2025-12-15' + to_days(i) as registered_at, cast(null as varchar) as type_faults
  from (select unnest(range(1, 51)) as i)`
const events = `
  select 'c' || i as customer_id, timestamp '2026-01-01' as occurred_at, 'visit' as event, cast(null as varchar) as type_faults
  from (select unnest(range(1, 61)) as i)`

const extract = { transactions: 'lines', customers: 'customers', events: 'events' }
const rules = [
  { rule: 'testCustomers', when: { sql: "order_id = 'o1'" } },
  { rule: 'outliers', column: 'amount', quantiles: { upper: 0.9 }, do: 'fix' },
  { rule: 'future', of: 'customers' },
]

async function cleanse(shardCount: number, cleanse: readonly unknown[] = rules): Promise<StageOutput> {
  const plan = planFor({ extract, cleanse })
  const raw = await bench.commitRaw(plan, lines, shardCount, { customers: people, events })
  const activities = makeCleanseActivities(bench.services)
  if (plan.definition.pipeline.cleanse.some(({ rule }) => rule === 'outliers'))
    await bench.run(() => activities.planCleanse(plan, raw, shardCount))
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(() => activities.cleanseShard(plan, raw, shard, shardCount))
  return bench.run(() => activities.cleanseCustomers(plan, raw, shardCount))
}

describe('cleansing of several roles', () => {
  it('drops the rows of test customers everywhere, and rows of people whom nobody knows', async () => {
    const { ref } = await cleanse(2)
    const rejects = (role: string) =>
      bench.query(ref, role, 'select rule, count(*) as rows from rows group by rule order by rule')
    expect(await rejects('rejects')).toEqual([{ rule: 'testCustomers', rows: 1 }])
    expect(await rejects('rejects_customers')).toEqual([{ rule: 'testCustomers', rows: 1 }])
    expect(await rejects('rejects_events')).toEqual([
      { rule: 'testCustomers', rows: 1 },
      { rule: 'unmatched', rows: 10 },
    ])
    const { summary } = await bench.manifest(ref)
    expect(summary).toMatchObject({ rowsIn: 40, rowsOut: 39, rejected: 1, customers: 39 })
    const quality = summary.dataQuality as readonly DataQualityRow[]
    expect(quality.find(({ rule }) => rule === 'unmatched')).toMatchObject({
      role: 'events',
      source: 'events',
      matched: 11,
      rejected: 10,
      rowsIn: 60,
    })
  })

  it('finds the bounds of outliers over all shards, from rows that no earlier rule rejects, and says what it fixed', async () => {
    // 39 amounts 2 … 40: at least nine tenths of them are 36 of them, the 36th is 37.
    const { ref } = await cleanse(3)
    expect(
      await bench.query(
        ref,
        'fixes',
        "select customer_id, row_key, before, after from rows where column_name = 'amount' order by 1",
      ),
    ).toEqual([
      { customer_id: 'c38', row_key: 'o38', before: '38.0000', after: '37.0000' },
      { customer_id: 'c39', row_key: 'o39', before: '39.0000', after: '37.0000' },
      { customer_id: 'c40', row_key: 'o40', before: '40.0000', after: '37.0000' },
    ])
  })

  it('gives the same content, counts and profile for one shard and for three', async () => {
    const [one, three] = [await cleanse(1), await cleanse(3)]
    expect(three.ref.contentDigest).toBe(one.ref.contentDigest)
    expect((await bench.manifest(three.ref)).summary).toEqual((await bench.manifest(one.ref)).summary)
    expect(await bench.document(three.ref, 'profile')).toEqual(await bench.document(one.ref, 'profile'))
  })

  it('describes every column of every role', async () => {
    const profile = (await bench.document((await cleanse(2)).ref, 'profile')) as CleanProfile
    expect(Object.keys(profile.roles)).toEqual(['customers', 'events', 'transactions'])
    const { rows, customers, columns } = profile.roles.customers!
    expect({ rows, customers }).toEqual({ rows: 49, customers: 49 })
    // Of 2 … 50 ten end in 0 or 5; of the others twenty are even and nineteen odd.
    expect(columns.country).toEqual({
      nulls: 10,
      minimum: 'DE',
      maximum: 'FR',
      distinct: 2,
      levels: [
        { value: 'DE', rows: 20 },
        { value: 'FR', rows: 19 },
      ],
    })
    // Registered on 15 December and i days: from i = 48 on it is February, the as-of, or later.
    expect(columns.registered_at).toMatchObject({
      nulls: 3,
      minimum: '2025-12-17T00:00:00.000000Z',
      maximum: '2026-01-31T00:00:00.000000Z',
    })
    expect(profile.roles.transactions!.columns.amount).toMatchObject({
      minimum: '2.0000',
      maximum: '37.0000',
      distinct: 36,
    })
    expect(columns.customer_id).toMatchObject({ distinct: 49, levels: [] })
  })

  it('fails the run before anything is published when a rule of another role is over its limit', async () => {
    await expect(cleanse(2, [{ rule: 'unmatched', of: 'events', maxShare: 0.1 }])).rejects.toMatchObject({
      type: 'PoisonRowsOverLimit',
      message: expect.stringContaining('unmatched of events matches 10 of 60 rows, a share of 0.1667') as string,
    })
  })
})
