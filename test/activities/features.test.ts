import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StageOutput } from '../../src/activities/activities.ts'
import { makeCleanseActivities } from '../../src/activities/cleanse.ts'
import { makeFeaturesActivities } from '../../src/activities/features.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { dirtyRows, openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

let bench: StageBench
beforeAll(async () => {
  bench = await openStageBench()
})
afterAll(() => bench.close())

async function build(plan: RunPlan, rows: string, shardCount: number): Promise<StageOutput> {
  const activities = { ...makeCleanseActivities(bench.services), ...makeFeaturesActivities(bench.services) }
  const shards = Array.from({ length: shardCount }, (_, shard) => shard)
  const raw = await bench.commitRaw(plan, rows, shardCount)
  for (const shard of shards) await bench.run(() => activities.cleanseShard(plan, raw, shard, shardCount))
  const clean = (await bench.run(() => activities.cleanseCustomers(plan, raw, shardCount))).ref
  for (const shard of shards) await bench.run(() => activities.buildFeaturesShard(plan, clean, shard, shardCount))
  return bench.run(() => activities.buildFeatures(plan, clean, shardCount))
}

const line = (customer: string, day: number, order: string, amount: number): string =>
  `select '${customer}' as customer_id, timestamp '2026-01-01' + to_days(${day - 1}) as occurred_at, '${order}' as order_id, cast(${amount} as decimal(18, 4)) as amount, cast(null as varchar) as type_faults`

describe('the activities of features', () => {
  it('write one row a customer with an order, and the fitted transforms', async () => {
    const plan = planFor({
      features: ['frequency', { monetary: { transform: 'none', winsorise: { lower: 0, upper: 1 } } }],
    })
    const rows = [
      line('ann', 1, 'o1', 10),
      line('ann', 2, 'o2', 20),
      line('bob', 3, 'o3', 50),
      line('eve', 4, 'r1', -1),
    ]
    const { ref, counts } = await build(plan, rows.join(' union all '), 1)
    expect(counts).toMatchObject({ stage: 'features', rowsIn: 4, rowsOut: 2, rejected: 0 })
    expect(await bench.query(ref, 'rows', 'select * exclude (bucket) from rows order by customer_id')).toEqual([
      { customer_id: 'ann', frequency: 2, monetary: 30 },
      { customer_id: 'bob', frequency: 1, monetary: 50 },
    ])
    expect((await bench.manifest(ref)).summary).toEqual({
      customers: 2,
      customersWithoutOrder: 1,
      rowsIn: 4,
      features: ['frequency', 'monetary'],
    })
    // 30 and 50: mean 40, population deviation 10, median 40.
    expect(await bench.document(ref, 'transforms')).toMatchObject({
      features: [
        { name: 'frequency', unit: 'count', transform: 'log1p' },
        {
          name: 'monetary',
          unit: 'money',
          transform: 'none',
          lower: 30,
          upper: 50,
          impute: 40,
          mean: 40,
          scale: 10,
          weight: 1,
        },
      ],
    })
  })

  it('give the same content for one shard and for three, and for shuffled rows', async () => {
    const plan = planFor({
      features: ['recency', 'monetary', 'gapMean', 'gapDeviation', 'trend', { frequency: { window: '2 weeks' } }],
    })
    const digests = []
    for (const shards of [1, 3]) digests.push((await build(plan, dirtyRows, shards)).ref.contentDigest)
    digests.push((await build(plan, `select * from (${dirtyRows}) order by md5(order_id)`, 2)).ref.contentDigest)
    expect(new Set(digests).size).toBe(1)
  })

  it('give the committed reference when they run again, in no time', async () => {
    const plan = planFor({})
    const first = await build(plan, dirtyRows, 2)
    bench.reached.length = 0
    expect(await build(plan, dirtyRows, 2)).toEqual(first)
    expect(bench.reached.filter((point) => point.endsWith('commit'))).toEqual([])
  })

  it('refuse rows in which nobody ever bought', async () => {
    await expect(build(planFor({}), line('ann', 1, 'r1', -1), 1)).rejects.toMatchObject({
      type: 'TooFewCustomers',
      message: expect.stringContaining('None of 1 customers has an order') as string,
    })
  })

  it('refuse a feature whose column the source does not map', async () => {
    await expect(build(planFor({ features: ['distinctProducts'] }), dirtyRows, 1)).rejects.toMatchObject({
      type: 'ConfigInvalid',
    })
  })
})
