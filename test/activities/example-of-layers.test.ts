import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PipelineBench } from './pipeline-bench.ts'
import { exampleDefinition } from './run-example.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

describe.skipIf(!existsSync(DATA))('the example of layers', { timeout: 120_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  it('gives the customers of Online Retail to rules, then forecasts, then k-means', async () => {
    const { definition, model, candidate, features } = await bench.cluster(exampleDefinition('hybrid'), '2011-12-10')
    if (model.parameters.method !== 'hybrid') throw new Error(model.method)
    // The conditions once more, as SQL by hand over the features.
    const vip = '(monetary >= 10000 OR averageOrderValue >= 2000)'
    const away = '(repeatPurchases >= 1 AND recency >= 90)'
    const [counted] = await bench.rows(
      definition,
      features,
      `SELECT count(*) FILTER (${vip})::INTEGER AS vip, count(*) FILTER (${away})::INTEGER AS away,
        count(*) FILTER (${vip} AND ${away})::INTEGER AS both, count(*)::INTEGER AS n FROM rows`,
    )
    const { vip: vips, away: aways, both, n } = counted as Record<string, number>
    expect(n).toBe(4338)
    expect(both).toBeGreaterThan(0)
    expect(model.parameters.evidence).toEqual({
      layers: [
        { name: 'key-accounts', wanted: vips, taken: vips },
        { name: 'at-risk', wanted: aways, taken: aways! - both! },
        { name: 'rest', wanted: n, taken: n! - vips! - aways! + both! },
      ],
      conflicts: [{ first: 'key-accounts', second: 'at-risk', customers: both }],
      pooled: 0,
    })
    const placed = await bench.rows(
      definition,
      candidate,
      `SELECT layer, count(*)::INTEGER AS n, min(cluster) AS low, max(cluster) AS high, count(score_1)::INTEGER AS scored
      FROM rows GROUP BY layer ORDER BY layer`,
    )
    const keyed = model.clusters.filter(({ ownKey }) => ownKey !== null).length
    expect(model.clusters.map(({ ownKey }) => ownKey?.split('/')[0])).toEqual([
      'key-accounts',
      'key-accounts',
      ...new Array<string>(keyed - 2).fill('at-risk'),
      ...new Array<undefined>(4).fill(undefined),
    ])
    expect(placed).toMatchObject([
      { layer: 0, n: vips, low: 0, high: 1, scored: 0 },
      { layer: 1, n: aways! - both!, low: 2, scored: aways! - both! },
      { layer: 2, n: n! - vips! - aways! + both!, low: keyed, high: keyed + 3, scored: 0 },
    ])
  })
})
