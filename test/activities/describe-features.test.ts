import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFeatures } from '../../src/activities/describe-features.ts'
import { makeFeaturesActivities } from '../../src/activities/features.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import { source } from '../../src/stages/extract/config.ts'
import type { FeatureDistribution, FeatureDistributions } from '../../src/stages/features/distribution.ts'
import { commitClean } from './clean-artifact.ts'
import type { CleanRows } from './clean-artifact.ts'
import { openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

let bench: StageBench
beforeAll(async () => {
  bench = await openStageBench()
})
afterAll(() => bench.close())

/** A pipeline that reads transactions with a category, and the country of customers. */
function planWith(pipeline: Readonly<Record<string, unknown>>): RunPlan {
  const plan = planFor({})
  const named = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]))
  const lines = named('customer_id', 'occurred_at', 'order_id', 'amount', 'category')
  return {
    ...plan,
    definition: {
      ...plan.definition,
      sources: {
        lines: source.parse({ from: { file: 'lines.csv' }, columns: lines }),
        people: source.parse({ from: { file: 'people.csv' }, columns: named('customer_id', 'country') }),
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

async function describeRun(plan: RunPlan, rows: CleanRows, shardCount = 1): Promise<FeatureDistributions> {
  const activities = makeFeaturesActivities(bench.services)
  const clean = await commitClean(bench, plan, rows, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(() => activities.buildFeaturesShard(plan, clean, shard, shardCount))
  const { ref } = await bench.run(() => activities.buildFeatures(plan, clean, shardCount))
  return describeFeatures(bench.services, plan.definition, ref.uri)
}

const line = (customer: string, amount: number, category = 'books'): string =>
  `select '${customer}' as customer_id, timestamp '2026-01-01' as occurred_at, '${customer}-${amount}' as order_id, cast(${amount} as decimal(18, 4)) as amount, '${category}' as category, false as is_return`
const person = (customer: string, country: string | null): string =>
  `select '${customer}' as customer_id, ${country === null ? 'cast(null as varchar)' : `'${country}'`} as country`
const all = (rows: readonly string[]): string => rows.join(' union all ')

/** One order each. */
const sixCustomers: CleanRows = {
  transactions: all([
    ...[line('a', 0), line('b', 10), line('c', 20, 'toys'), line('d', 30), line('e', 40)],
    ...[line('f', 100, 'toys')],
  ]),
  customers: all([person('a', 'DE'), person('b', 'DE'), person('c', 'DE'), person('d', 'AT'), person('e', null)]),
}

const plain = { transform: 'none', winsorise: { lower: 0, upper: 1 } }
const byName = ({ features }: FeatureDistributions): Record<string, FeatureDistribution> =>
  Object.fromEntries(features.map((one) => [one.feature, one]))

// Expected values by hand; quantiles as numpy's default, by linear interpolation between order statistics.
describe('the distribution of', () => {
  it('a number has its quantiles, mean, zeros and bars', async () => {
    const { customers, features } = await describeRun(
      planWith({ features: [{ monetary: { ...plain, weight: 2 } }] }),
      sixCustomers,
    )
    expect(customers).toBe(6)
    expect(features).toEqual([
      {
        feature: 'monetary',
        ...{ type: 'money', unit: 'money', transform: 'none', weight: 2, imputed: null, nullShare: 0, notes: [] },
        figures: {
          ...{ kind: 'number', zeroShare: 1 / 6, minimum: 0, p10: 5, median: 25, p90: 70, maximum: 100 },
          mean: expect.closeTo(200 / 6, 12) as number,
          histogram: {
            edges: Array.from({ length: 17 }, (_, edge) => edge * 6.25),
            customers: [1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
          },
          transformed: null,
        },
      },
    ])
  })

  it('a number counts everybody after the transform too, and those beyond the bounds in the outermost bars', async () => {
    const features = [{ monetary: { transform: 'log1p', winsorise: { lower: 0.2, upper: 0.8 } } }]
    const { monetary } = byName(await describeRun(planWith({ features }), sixCustomers))
    // The 20 % and 80 % quantiles of 0, 10, 20, 30, 40, 100 are themselves values.
    expect(monetary!.figures).toMatchObject({ histogram: { edges: { 0: 10, 16: 40 } }, minimum: 0, maximum: 100 })
    const { histogram, transformed } = monetary!.figures as { histogram: Bars; transformed: Bars }
    // 0 and 10 below, 40 and 100 above; 20 and 30 a third and two thirds of the way.
    expect(histogram.customers).toEqual([2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2])
    // ln 11, ln 21, ln 31, ln 41: 0, 0.491, 0.787 and 1 of the way, in sixteenths 0, 7.9, 12.6, 16.
    expect(transformed.customers).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2])
  })

  it('a number that nobody has is empty, and what the stage found out is told', async () => {
    const plan = planWith({
      features: [{ monetary: plain }, { averageOrderValue: plain }, 'gapMean', 'frequency'],
      featureChecks: { nearDuplicates: { do: 'drop' } },
    })
    const { averageOrderValue, gapMean, frequency } = byName(await describeRun(plan, sixCustomers))
    expect(averageOrderValue!.notes).toEqual([
      'near-duplicate of monetary: correlation 1.000',
      'left out of the clustering',
    ])
    expect(averageOrderValue!.figures).toMatchObject({ median: 25, histogram: { edges: { 0: 0, 16: 100 } } })
    expect(gapMean).toMatchObject({
      nullShare: 1,
      imputed: 0,
      notes: ['constant: no customer differs in it, once clamped'],
      figures: { zeroShare: 0, minimum: null, median: null, mean: null, histogram: null, transformed: null },
    })
    expect(frequency!.figures).toMatchObject({ minimum: 1, maximum: 1, mean: 1, histogram: null })
  })

  it('a category is that of its levels, a composition their mean shares', async () => {
    const features = [{ country: { minShare: 0.3 } }, 'categoryShares']
    const { country, categoryShares } = byName(await describeRun(planWith({ features }), sixCustomers))
    expect(country).toMatchObject({
      type: 'category',
      nullShare: 2 / 6,
      transform: 'oneHot',
      figures: { kind: 'category', distinct: 2, levels: [{ level: 'DE', share: 0.5 }], otherShare: 1 / 6 },
    })
    // b, d, e spend on books alone, c and f on toys alone, a nothing.
    expect(categoryShares).toMatchObject({
      nullShare: 1 / 6,
      figures: {
        kind: 'composition',
        levels: expect.arrayContaining([
          { level: 'books', share: 0.6 },
          { level: 'toys', share: 0.4 },
        ]) as unknown,
      },
    })
  })

  it('every feature is the same for any number of shards, to the last bit', async () => {
    const many = `
      select 'c' || (i % 200) as customer_id, timestamp '2026-01-01' + to_minutes((i * 37) % 40000) as occurred_at, 'o' || i as order_id,
        cast(((i * 7919) % 10007) / 100 as decimal(18, 4)) as amount, ['books', 'music', 'toys'][1 + (i * i) % 7 % 3] as category, false as is_return
      from (select unnest(range(1, 900)) as i)`
    const plan = planWith({ features: ['recency', 'monetary', 'gapMean', 'categoryShares', 'topCategory'] })
    const rows = { transactions: many, customers: person('c1', 'DE') }
    expect(await describeRun(plan, rows, 3)).toEqual(await describeRun(plan, rows))
  })

  it('a run whose artifact is gone says how to make it anew', async () => {
    const uri = 'file:///nowhere/features-1'
    await expect(describeFeatures(bench.services, planWith({ features: ['recency'] }).definition, uri)).rejects.toThrow(
      'The features are not in the artifact store any more',
    )
  })
})

interface Bars {
  readonly edges: readonly number[]
  readonly customers: readonly number[]
}
