import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StageOutput } from '../../src/activities/activities.ts'
import { makeFeaturesActivities } from '../../src/activities/features.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { source } from '../../src/stages/extract/config.ts'
import { commitClean } from './clean-artifact.ts'
import type { CleanRows } from './clean-artifact.ts'
import { openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

let bench: StageBench
beforeAll(async () => {
  bench = await openStageBench()
})
afterAll(() => bench.close())

async function build(plan: RunPlan, rows: CleanRows, shardCount = 1): Promise<StageOutput> {
  const activities = makeFeaturesActivities(bench.services)
  const clean = await commitClean(bench, plan, rows, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(() => activities.buildFeaturesShard(plan, clean, shard, shardCount))
  return bench.run(() => activities.buildFeatures(plan, clean, shardCount))
}

/** A pipeline that reads transactions with channel and category, and attributes of customers. */
function planWith(pipeline: Readonly<Record<string, unknown>>): RunPlan {
  const plan = planFor({})
  const named = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, name]))
  const lines = named(['customer_id', 'occurred_at', 'order_id', 'amount', 'category', 'channel'])
  const people = named(['customer_id', 'country', 'points'])
  return {
    ...plan,
    definition: {
      ...plan.definition,
      sources: {
        lines: source.parse({ from: { file: 'lines.csv' }, columns: lines }),
        people: source.parse({ from: { file: 'people.csv' }, columns: people }),
      },
      pipeline: pipelineConfig.parse({
        pipeline: 'shop',
        extract: { transactions: 'lines', customers: 'people' },
        publish: { warehouse: 'warehouse' },
        ...pipeline,
      }),
    },
  }
}

const line = (customer: string, day: number, order: string, amount: number, more = "'a', 'web'"): string =>
  `select '${customer}' as customer_id, timestamp '2026-01-01' + to_days(${day - 1}) as occurred_at, '${order}' as order_id, cast(${amount} as decimal(18, 4)) as amount, ${more.replace(/^('[^']*'), ('[^']*')$/, '$1 as category, $2 as channel')}, ${amount < 0} as is_return`
const person = (customer: string, country: string | null, points: number): string =>
  `select '${customer}' as customer_id, ${country === null ? 'cast(null as varchar)' : `'${country}'`} as country, cast(${points} as bigint) as points`
const rows = (...each: readonly string[]): string => each.join(' union all ')

/** Two hundred customers with up to five orders in January, a return among eleven: a pure function of the row number. */
const manyLines = `
  select 'c' || (i % 200) as customer_id, timestamp '2026-01-01' + to_minutes((i * 37) % 40000) as occurred_at, 'o' || i as order_id,
    cast(case when i % 11 = 0 then -1 else 1 end * ((i * 7919) % 10007) / 100 as decimal(18, 4)) as amount,
    ['books', 'music', 'toys', 'rare'][1 + (i * i) % 7 % 4] as category, ['web', 'shop'][1 + (i // 3) % 2] as channel, i % 11 = 0 as is_return
  from (select unnest(range(1, 900)) as i)`

describe('the activities of features', () => {
  it('write one row a customer with an order, and the fitted transforms', async () => {
    const plan = planFor({
      features: ['frequency', { monetary: { transform: 'none', winsorise: { lower: 0, upper: 1 } } }],
    })
    const transactions = rows(
      line('ann', 1, 'o1', 10),
      line('ann', 2, 'o2', 20),
      line('bob', 3, 'o3', 50),
      line('eve', 4, 'r1', -1),
    )
    const { ref, counts } = await build(plan, { transactions })
    expect(counts).toMatchObject({ stage: 'features', rowsIn: 4, rowsOut: 2, rejected: 0 })
    expect(await bench.query(ref, 'rows', 'select * exclude (bucket) from rows order by customer_id')).toEqual([
      { customer_id: 'ann', frequency: 2, monetary: 30 },
      { customer_id: 'bob', frequency: 1, monetary: 50 },
    ])
    expect((await bench.manifest(ref)).summary).toEqual({
      forecasts: {},
      customers: 2,
      customersWithoutOrder: 1,
      // From January 1 to the as-of, February 1.
      historyDays: 31,
      rowsIn: 4,
      features: ['frequency', 'monetary'],
      findings: { constant: [], nearDuplicates: [{ feature: 'monetary', as: 'frequency', correlation: -1 }] },
      dropped: [],
      diagnostics: {},
    })
    // 30 and 50: mean 40, population deviation 10, median 40.
    expect(await bench.document(ref, 'transforms')).toMatchObject({
      features: [
        { kind: 'number', name: 'frequency', unit: 'count', transform: 'log1p' },
        { name: 'monetary', unit: 'money', lower: 30, upper: 50, impute: 40, mean: 40, scale: 10, weight: 1 },
      ],
      dropped: [],
    })
  })

  it('write categories as text and a composition as a column a level, and pin the levels', async () => {
    const plan = planWith({ features: ['preferredChannel', { categoryShares: { maxLevels: 1 } }] })
    const transactions = rows(
      line('ann', 1, 'o1', 30, "'books', 'web'"),
      line('ann', 2, 'o2', 10, "'music', 'shop'"),
      line('ann', 3, 'o3', 60, "'books', 'web'"),
      line('bob', 3, 'o4', 5, "'music', 'shop'"),
    )
    const customers = person('ann', null, 1)
    const { ref } = await build(plan, { transactions, customers })
    expect(await bench.query(ref, 'rows', 'select * exclude (bucket) from rows order by customer_id')).toEqual([
      { customer_id: 'ann', preferredChannel: 'web', 'categoryShares:books': 0.9, 'categoryShares:other': 0.1 },
      { customer_id: 'bob', preferredChannel: 'shop', 'categoryShares:books': 0, 'categoryShares:other': 1 },
    ])
    expect(await bench.document(ref, 'transforms')).toMatchObject({
      features: [
        { kind: 'category', name: 'preferredChannel', levels: ['shop', 'web'], shares: [0.5, 0.5, 0], pooled: [] },
        { kind: 'composition', name: 'categoryShares', levels: ['books', 'other'], transform: 'centredLogRatio' },
      ],
    })
  })

  it('give a row to every customer when all of them are segmented, also to those who never bought', async () => {
    const plan = planWith({
      extract: { transactions: 'lines', customers: 'people', population: 'customers' },
      features: ['frequency', 'recency', { loyalty: { sql: 'max(points)', of: 'customers' } }],
    })
    const transactions = rows(line('ann', 31, 'o1', 30), line('stranger', 1, 'o2', 1))
    const customers = rows(person('ann', 'DE', 7), person('ann', null, 9), person('bob', 'DE', 3))
    const { ref, counts } = await build(plan, { transactions, customers })
    expect(counts.rowsOut).toBe(2)
    expect(await bench.query(ref, 'rows', 'select * exclude (bucket) from rows order by customer_id')).toEqual([
      { customer_id: 'ann', frequency: 1, recency: 1, loyalty: 9 },
      { customer_id: 'bob', frequency: 0, recency: null, loyalty: 3 },
    ])
  })

  it('give the same content for one shard and for three, and for shuffled rows', async () => {
    const plan = planWith({
      features: [
        ...['recency', 'gapMean', 'gapDeviation', 'trend', 'categoryShares', 'topCategory', 'lifecycleStage'],
        { monetary: [{ window: '2 weeks', transform: 'yeoJohnson' }, { scale: 'robust' }] },
        { frequency: { window: '2 weeks', flagMissing: true, impute: 'mean' } },
        { largest: { sql: 'max(amount)', window: '1 weeks', unit: 'money' } },
      ],
    })
    const customers = 'select distinct customer_id, 1 as points from transactions'
    const digests = []
    for (const shards of [1, 3])
      digests.push((await build(plan, { transactions: manyLines, customers }, shards)).ref.contentDigest)
    const shuffled = `select * from (${manyLines}) order by md5(order_id)`
    digests.push((await build(plan, { transactions: shuffled, customers }, 2)).ref.contentDigest)
    expect(new Set(digests).size).toBe(1)
  })

  it('give the committed reference when they run again', async () => {
    const plan = planFor({})
    const first = await build(plan, { transactions: manyLines }, 2)
    bench.reached.length = 0
    expect(await build(plan, { transactions: manyLines }, 2)).toEqual({
      ...first,
      seconds: expect.any(Number),
    })
    expect(bench.reached.filter((point) => point.endsWith('commit'))).toEqual([])
  })

  it('say which features are constant or say the same, and leave them out when told to', async () => {
    const features = [
      'frequency',
      { twice: { sql: '2 * count(distinct order_id)', transform: 'log1p' } },
      'distinctCategories',
    ]
    const transactions = rows(line('ann', 1, 'o1', 9), line('ann', 2, 'o2', 9), line('bob', 3, 'o3', 9))
    const customers = person('ann', 'DE', 1)
    const told = await build(planWith({ features }), { transactions, customers })
    const { summary } = await bench.manifest(told.ref)
    expect(summary).toMatchObject({
      findings: { constant: ['distinctCategories'], nearDuplicates: [{ feature: 'twice', as: 'frequency' }] },
      dropped: [],
    })
    const featureChecks = { constant: { do: 'drop' }, nearDuplicates: { do: 'drop' } }
    const left = await build(planWith({ features, featureChecks }), { transactions, customers })
    expect(await bench.document(left.ref, 'transforms')).toMatchObject({
      features: [{ name: 'frequency' }],
      dropped: [
        { name: 'distinctCategories', reason: 'constant' },
        { name: 'twice', reason: 'near-duplicate of frequency' },
      ],
    })
    const strict = planWith({ features, featureChecks: { constant: { do: 'fail' } } })
    await expect(build(strict, { transactions, customers })).rejects.toMatchObject({
      type: 'ConstantFeatures',
      message: expect.stringContaining('the same distinctCategories') as string,
    })
  })

  it('refuse rows in which nobody ever bought', async () => {
    await expect(build(planFor({}), { transactions: line('ann', 1, 'r1', -1) })).rejects.toMatchObject({
      type: 'TooFewCustomers',
      message: expect.stringContaining('None of 1 customers has an order') as string,
    })
  })

  it('refuse a feature whose column the source does not map', async () => {
    const plan = planFor({ features: ['distinctProducts'] })
    await expect(build(plan, { transactions: manyLines })).rejects.toMatchObject({ type: 'ConfigInvalid' })
  })

  it.each([
    ['the clock', 'max(now())', /uses now/],
    ['a pick among rows', 'arg_max(category, amount)', /uses arg_max, which depends on the order/],
    ['a list', 'len(list(category))', /uses list/],
    ['a deviation, which adds floats', 'stddev(amount)', /uses stddev/],
    ['a sum of floats', 'sum(amount / 3)', /has \/ inside sum/],
    ['a sum of a cast to DOUBLE', 'sum(cast(amount as double))', /casts to DOUBLE inside sum/],
    ['no aggregate', '1 + 2', /no aggregate/],
    ['a column that is not there', 'max(nothing)', /does not work over lines.*nothing/],
    ['a column outside of aggregates', 'amount + max(amount)', /does not work over lines/],
  ])('refuse SQL with %s', async (_, sql, message) => {
    const plan = planFor({ features: [{ mine: { sql } }] })
    await expect(build(plan, { transactions: manyLines })).rejects.toMatchObject({
      type: 'ConfigInvalid',
      message: expect.stringMatching(message) as string,
    })
  })
})
