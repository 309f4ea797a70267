import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFeaturesActivities } from '../../src/activities/features.ts'
import { describeFeatures } from '../../src/activities/describe-features.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { measuresOf } from '../../src/activities/compared-state.ts'
import { makeKernelPool } from '../../src/kernels/kernel-pool.ts'
import type { Definition } from '../../src/plan/definition.ts'
import { pipelineConfig } from '../../src/plan/pipeline.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import { clusterConfig } from '../../src/stages/cluster/config.ts'
import { source } from '../../src/stages/extract/config.ts'
import type { FittedTransforms } from '../../src/stages/features/transform.ts'
import { commitClean } from './clean-artifact.ts'
import { PipelineBench } from './pipeline-bench.ts'
import { exampleDefinition } from './run-example.ts'
import { openStageBench, planFor } from './stage-bench.ts'
import type { StageBench } from './stage-bench.ts'

const FILE = resolve(import.meta.dirname, '../../../shared/data/cdnow/CDNOW_master.txt.gz')
const AS_OF = '1998-07-01'
const forecasts = [
  { pAlive: { model: 'mbgNbd' } },
  { expectedPurchases: { model: 'mbgNbd', horizon: '39 weeks' } },
  { expectedSpend: { model: 'mbgNbd', horizon: '39 weeks' } },
  { lifetimeValue: { model: 'mbgNbd' } },
]

describe.skipIf(!existsSync(FILE))('forecasts of 23,570 customers of CDNOW', { timeout: 240_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  const definitionWith = (changes: (pipeline: Definition['pipeline']) => object): Definition => {
    const example = exampleDefinition('predictive')
    const pipeline = { ...example.pipeline, ...changes(example.pipeline) } as Definition['pipeline']
    return { ...example, pipeline }
  }

  it('are to the last bit the scores that method predictive gives', async () => {
    const definition = definitionWith(({ features }) => ({ features: [...features, ...forecasts] }))
    const { features, candidate } = await bench.cluster(definition, AS_OF)
    const columns = 'bucket, customer_id, pAlive, expectedPurchases, expectedSpend, lifetimeValue'
    const made = await bench.rows(definition, features, `select ${columns} from rows order by bucket, customer_id`)
    const scored = await bench.rows(
      definition,
      candidate,
      `select bucket, customer_id, score_1 as "pAlive", score_3 as "expectedPurchases", score_4 as "expectedSpend", score_5 as "lifetimeValue"
       from rows order by bucket, customer_id`,
    )
    expect(made).toHaveLength(23_570)
    expect(made).toEqual(scored)
  })

  it('are features like any other: tiers are made of them, rules ask for them, profiles show them', async () => {
    const changes = { features: ['recency', 'monetary', 'lifetimeValue', 'pAlive'] }
    const tiers = clusterConfig.parse({ method: 'tiers', feature: 'lifetimeValue', by: 'deciles' })
    const ofTiers = await bench.cluster(
      definitionWith(() => ({ ...changes, cluster: tiers })),
      AS_OF,
    )
    const [top] = await bench.rows(
      ofTiers.definition,
      ofTiers.candidate,
      'select count(*)::int as customers from rows where cluster = 0',
    )
    expect(top).toEqual({ customers: 2_357 })
    const rules = clusterConfig.parse({
      method: 'rules',
      rules: [{ name: 'Worth a letter', when: 'pAlive < 0.5 and lifetimeValue > 50' }],
    })
    const ofRules = await bench.cluster(
      definitionWith(() => ({ ...changes, cluster: rules })),
      AS_OF,
    )
    const named = (where: string, ref: ArtifactRef) =>
      bench.row(ofRules.definition, ref, `count(*) filter (where ${where})::int as customers`)
    expect(await named('cluster = 0', ofRules.candidate)).toEqual(
      await named('"pAlive" < 0.5 and "lifetimeValue" > 50', ofRules.features),
    )
    const { features } = await describeFeatures(bench.services, ofRules.definition, ofRules.features.uri)
    expect(features.map(({ feature, type, nullShare }) => [feature, type, nullShare])).toContainEqual([
      'pAlive',
      'share',
      0,
    ])
  })
})

describe('features made by figures over all customers', { timeout: 120_000 }, () => {
  let bench: StageBench
  const kernels = makeKernelPool({ threads: 1 })
  beforeAll(async () => {
    bench = await openStageBench()
  })
  afterAll(async () => {
    await kernels.close()
    await bench.close()
  })

  const planWith = (features: readonly unknown[], more: Partial<RunPlan> = {}): RunPlan => {
    const plan = planFor({})
    const columns = Object.fromEntries(
      ['customer_id', 'occurred_at', 'order_id', 'amount', 'category'].map((name) => [name, name]),
    )
    const pipeline = pipelineConfig.parse({
      ...{ pipeline: 'shop', extract: { transactions: 'lines' }, features, publish: { warehouse: 'warehouse' } },
    })
    const sources = { lines: source.parse({ from: { file: 'lines.csv' }, columns }) }
    return { ...plan, ...more, definition: { ...plan.definition, sources, pipeline } }
  }

  async function build(plan: RunPlan, transactions: string, shardCount: number, live: unknown = null) {
    const services = {
      ...bench.services,
      kernels,
      ledger: () => ({ publishedModel: () => Promise.resolve(live) }) as never,
    }
    const activities = makeFeaturesActivities(services)
    const clean = await commitClean(bench, plan, { transactions }, shardCount)
    for (let shard = 0; shard < shardCount; shard++)
      await bench.run(() => activities.buildFeaturesShard(plan, clean, shard, shardCount))
    const { ref } = await bench.run(() => activities.buildFeatures(plan, clean, shardCount))
    const { files } = await bench.manifest(ref)
    const store = services.store(plan.definition)
    const transforms = await readDocument<FittedTransforms>(store, ref.uri, files, 'transforms')
    return {
      ref,
      transforms,
      rows: await bench.query(ref, 'rows', 'select * exclude (bucket) from rows order by customer_id'),
    }
  }

  /** Two hundred customers with up to six orders in January: a pure function of the row number. */
  const lines = (from: number, count: number): string => `
    select 'c' || (i % 200) as customer_id, timestamp '2026-01-01' + to_minutes((i * i * 37) % 40000) as occurred_at, 'o' || i as order_id,
      cast(((i * 7919) % 10007) / 100 + 1 as decimal(18, 4)) as amount, 'k' || (i * i % 7) as category, false as is_return
    from range(${from}, ${from + count}) as numbers(i)
    where i % 200 < 120 or i < 200`
  const features = ['potentialValue', 'pAlive', { expectedSpend: { horizon: '30 days' } }, 'lifetimeValue']

  it('are the same for one shard and for three, and their columns stand in place of what they are made of', async () => {
    const one = await build(planWith(features), lines(0, 1_100), 1)
    const three = await build(planWith(features), lines(0, 1_100), 3)
    expect(three.ref.contentDigest).toBe(one.ref.contentDigest)
    expect(three.transforms).toEqual(one.transforms)
    expect(Object.keys(one.rows[0]!)).toEqual([
      'customer_id',
      ...['potentialValue', 'pAlive', 'expectedSpend', 'lifetimeValue'],
    ])
    expect(one.rows).toHaveLength(200)
    for (const row of one.rows) expect(Object.values(row)).not.toContain(null)
  })

  it('are made in a score run by the figures of the live model, whatever customers do since', async () => {
    const fitted = await build(planWith(features), lines(0, 1_100), 2)
    const plan = planWith(features, {
      kind: 'score',
      live: { publicationId: 1, modelDigest: 'live' },
      runKey: 'shop@score',
    })
    const live = { formatVersion: 2, segmentKeys: [], features: fitted.transforms, measures: measuresOf(plan) }
    // Others have come, and spend ten times as much: whoever did nothing new keeps every value.
    const more = `select * replace ('n' || customer_id as customer_id, 'n' || order_id as order_id, cast(10 * amount as decimal(18, 4)) as amount) from (${lines(0, 1_100)})`
    const scored = await build(plan, `${lines(0, 1_100)} union all ${more}`, 2, live)
    expect(scored.rows.filter(({ customer_id: id }) => !String(id).startsWith('n'))).toEqual(fitted.rows)
    expect(scored.transforms).toEqual(fitted.transforms)
    const refitted = await build(
      planWith(features, { runKey: 'shop@refit' }),
      `${lines(0, 1_100)} union all ${more}`,
      2,
    )
    expect(refitted.transforms.made).not.toEqual(fitted.transforms.made)
  })

  it('say when no model could be fitted', async () => {
    const { ref } = await build(planWith(['recency', 'pAlive']), lines(0, 150), 1)
    const { summary } = await bench.manifest(ref)
    expect(summary.forecasts).toEqual({ pAlive: expect.stringContaining('BG/NBD was not fitted') as string })
  })
})
