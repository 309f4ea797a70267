import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCleanseActivities } from '../../src/activities/cleanse.ts'
import type { StageOutput } from '../../src/activities/activities.ts'
import type { DataQualityRow } from '../../src/stages/cleanse/data-quality.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { dirtyRows, openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

let bench: StageBench
beforeAll(async () => {
  bench = await openStageBench()
})
afterAll(() => bench.close())

const rules = [
  { rule: 'duplicates', do: 'drop' },
  { rule: 'cancellations', when: { sql: "order_id like 'C%'" }, do: 'keep' },
]

async function cleanse(
  plan: RunPlan,
  rows: string,
  shardCount: number,
  others?: Readonly<Record<string, string>>,
): Promise<StageOutput> {
  const raw = await bench.commitRaw(plan, rows, shardCount, others)
  const activities = makeCleanseActivities(bench.services)
  if (plan.definition.pipeline.cleanse.some(({ rule }) => rule === 'outliers'))
    await bench.run(() => activities.planCleanse(plan, raw, shardCount))
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(() => activities.cleanseShard(plan, raw, shard, shardCount))
  return bench.run(() => activities.cleanseCustomers(plan, raw, shardCount))
}

describe('the activities of cleanse', () => {
  it('write clean rows and rejects, and count both', async () => {
    const { ref, counts } = await cleanse(planFor({ cleanse: rules }), dirtyRows, 2)
    // 899 rows and 10 again. Empty ids: 899 ÷ 17 = 52, and 51 again. Faults: 899 ÷ 97 = 9. Cancellations: 899 ÷ 11 = 81, and 55 again.
    expect(counts).toMatchObject({ stage: 'cleanse', rowsIn: 909, rowsOut: 909 - 53 - 9 - 9, rejected: 71 })
    const { summary, rowCount } = await bench.manifest(ref)
    expect(rowCount).toBe(counts.rowsOut)
    // 838 rows: of 909 not 71. Distinct customers: all two hundred have an order that is no return.
    expect(summary).toMatchObject({ rowsIn: 909, rowsOut: 838, rejected: 71, customers: 200 })
    const quality = summary.dataQuality as readonly DataQualityRow[]
    const ofRule = { role: 'transactions', source: 'lines', rowsIn: 909, fixed: 0, column: null }
    expect(quality.filter(({ rule }) => rule !== null)).toMatchObject([
      { ...ofRule, rule: 'required', action: 'drop', matched: 53, rejected: 53, share: 53 / 909 },
      { ...ofRule, rule: 'types', action: 'quarantine', matched: 9, rejected: 9 },
      { ...ofRule, rule: 'duplicates', action: 'drop', matched: 10, rejected: 9 },
      { ...ofRule, rule: 'cancellations', action: 'keep', matched: 82, rejected: 0 },
    ])
    // Only columns that the source maps.
    expect(quality.flatMap(({ column }) => column ?? [])).toEqual(['amount', 'customer_id', 'occurred_at', 'order_id'])
    expect(quality.find(({ column }) => column === 'occurred_at')).toMatchObject({
      rule: null,
      nulls: 0,
      rowsIn: 838,
      minimum: '2026-01-01T00:37:00.000000Z',
    })
    expect(
      await bench.query(ref, 'rejects', 'select rule, count(*) as rows from rows group by rule order by rule'),
    ).toEqual([
      { rule: 'duplicates', rows: 9 },
      { rule: 'required', rows: 53 },
      { rule: 'types', rows: 9 },
    ])
    expect(await bench.query(ref, 'rows', 'describe from rows')).toMatchObject(
      ['bucket', 'customer_id', 'occurred_at', 'order_id', 'amount', 'source_name', 'is_return'].map((name) => ({
        column_name: name,
      })),
    )
  })

  it('give the same content for one shard and for three, and for shuffled rows', async () => {
    const plan = planFor({ cleanse: rules })
    const digests = []
    for (const shards of [1, 3]) digests.push((await cleanse(plan, dirtyRows, shards)).ref.contentDigest)
    digests.push((await cleanse(plan, `select * from (${dirtyRows}) order by md5(order_id)`, 2)).ref.contentDigest)
    expect(new Set(digests).size).toBe(1)
  })

  it('give the committed reference when they run again', async () => {
    const plan = planFor({ cleanse: [{ rule: 'duplicates' }] })
    const first = await cleanse(plan, dirtyRows, 2)
    bench.reached.length = 0
    const second = await cleanse(plan, dirtyRows, 2)
    expect(second).toEqual({ ...first, seconds: expect.any(Number) })
    expect(bench.reached.filter((point) => point.endsWith('commit'))).toEqual([])
  })

  it('fail the run on a rule that allows no row, over all shards', async () => {
    const plan = planFor({ cleanse: [{ rule: 'required', do: 'fail' }] })
    await expect(cleanse(plan, dirtyRows, 2)).rejects.toMatchObject({
      type: 'PoisonRowsOverLimit',
      nonRetryable: true,
      message: expect.stringContaining('53 of 909 match it (customer_id is empty: 53)') as string,
    })
  })

  it.each([
    ['an unknown column', 'no_such_column = 1'],
    ['text that is no SQL', 'order_id like like'],
    ['an aggregate', 'sum(amount) > 1'],
    ['a value that does not convert', 'cast(order_id as integer) > 1'],
  ])('name rule, fault and columns when a condition has %s', async (_, sql) => {
    const plan = planFor({ cleanse: [{ rule: 'cancellations', when: { sql }, do: 'drop' }] })
    await expect(cleanse(plan, dirtyRows, 1)).rejects.toMatchObject({
      type: 'ConfigInvalid',
      nonRetryable: true,
      message: expect.stringMatching(
        /The SQL of cleansing rule cancellations does not work: .*Its columns are customer_id VARCHAR, occurred_at TIMESTAMP/s,
      ) as string,
    })
  })
})
