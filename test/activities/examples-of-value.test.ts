import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PipelineBench } from './pipeline-bench.ts'
import type { ClusteredPipeline } from './pipeline-bench.ts'
import { exampleDefinition } from './run-example.ts'

const DATA = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/** Examples of pipelines/examples up to their candidates. "Recounted" values were computed from the files with pandas alone. */
describe.skipIf(!existsSync(DATA))('examples over public files', { timeout: 120_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  const run = (name: string, asOf: string): Promise<ClusteredPipeline> => bench.cluster(exampleDefinition(name), asOf)

  /** Customers by name of their segment. */
  async function sizesOf({ definition, model, candidate }: ClusteredPipeline): Promise<Record<string, number>> {
    const rows = await bench.rows(
      definition,
      candidate,
      'SELECT cluster, count(*)::INTEGER AS n FROM rows GROUP BY cluster',
    )
    return Object.fromEntries(rows.map(({ cluster, n }) => [model.clusters[cluster as number]!.name!, n as number]))
  }

  it('rules: every rule takes, and is true of, as many customers of Telco as recounted', async () => {
    const ran = await run('rules', '2020-01-01')
    const { definition, model, candidate } = ran
    expect(await sizesOf(ran)).toEqual(TELCO.first)
    expect(model.parameters).toMatchObject({ method: 'rules', evidence: { gap: TELCO.first['Everyone else'] } })
    if (model.parameters.method !== 'rules') throw new Error(model.method)
    const { rules, overlaps } = model.parameters.evidence
    expect(rules.map(({ matched }) => matched)).toEqual(TELCO.matched)
    expect(overlaps).toEqual(TELCO.overlaps)
    // Memberships in all, each once: the first ones and the further ones are the true rules, and those without any.
    const [{ memberships }] = (await bench.rows(
      definition,
      candidate,
      'SELECT count(*)::INTEGER + count(also_1)::INTEGER + count(also_2)::INTEGER + count(also_3)::INTEGER AS memberships FROM rows',
    )) as [{ memberships: number }]
    const all = TELCO.matched.reduce((sum, one) => sum + one, 0) + TELCO.first['Everyone else']
    expect(memberships).toBe(all)
    expect(model.clusters.map(({ ownKey, criteria }) => `${ownKey}: ${criteria}`)).toEqual([
      'newcomers: months at most 3',
      'unbound: contract is Month-to-month and monthlyCharges at least 80',
      'long_standing: months at least 48 or (months at least 24 and contract one of One year, Two year)',
      'telephone_only: internetService is No',
      'everyone_else: no rule is true',
    ])
  })

  it('rfm: eleven groups share out the customers of Online Retail, each told by its cells', async () => {
    const ran = await run('rfm', '2011-12-10')
    const { definition, model, candidate } = ran
    const sizes = await sizesOf(ran)
    expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBe(4338)
    expect(Object.keys(sizes)).toHaveLength(11)
    expect(model.clusters[0]!.criteria).toMatch(
      /^recency at most [\d.]+ days \(score 5\), frequency and monetary score 4 to 5$/,
    )
    // Whoever has the best scores is a champion, and their scores say so.
    const [best] = await bench.rows(
      definition,
      candidate,
      'SELECT min(score_1) AS r, min(score_4) AS least, count(*) FILTER (confidence <> 1) AS unsure FROM rows WHERE cluster = 0',
    )
    expect(best).toMatchObject({ r: 5, unsure: 0 })
    expect(model.scores.map(({ name }) => name)).toEqual([
      'recency_score',
      'frequency_score',
      'monetary_score',
      'rfm_score',
    ])
  })

  it('tiers: A customers of Online Retail make 80 % of what was spent, those who brought back more stand apart', async () => {
    const ran = await run('tiers', '2011-12-10')
    const { definition, candidate, features } = ran
    const spent = await bench.rows(definition, features, 'SELECT customer_id, monetary FROM rows')
    const tiers = await bench.rows(definition, candidate, 'SELECT customer_id, cluster, score_3 AS share FROM rows')
    const tierOf = new Map(tiers.map(({ customer_id, cluster }) => [customer_id, cluster as number]))
    const totals = [0, 0, 0, 0]
    for (const { customer_id, monetary } of spent) totals[tierOf.get(customer_id)!]! += monetary as number
    const all = totals[0]! + totals[1]! + totals[2]!
    // At least the share, and more only by the customer at the border.
    expect(totals[0]! / all).toBeGreaterThanOrEqual(0.8)
    expect(totals[0]! / all).toBeLessThan(0.801)
    expect((totals[0]! + totals[1]!) / all).toBeCloseTo(0.95, 3)
    expect(totals[3]).toBeLessThanOrEqual(0)
    expect(Object.keys(await sizesOf(ran))).toEqual(expect.arrayContaining(['A', 'B', 'C', 'No value']))
  })
})

/** Recounted: the four conditions as pandas masks over telco_customer_churn.csv.gz. */
const TELCO = {
  matched: [1062, 1474, 3082, 1526],
  first: {
    Newcomers: 1062,
    'Free to leave': 1306,
    'Long-standing': 2827,
    'Telephone only': 527,
    'Everyone else': 1321,
  },
  overlaps: [
    { first: 'long_standing', second: 'telephone_only', customers: 741 },
    { first: 'newcomers', second: 'telephone_only', customers: 258 },
    { first: 'unbound', second: 'long_standing', customers: 255 },
    { first: 'newcomers', second: 'unbound', customers: 168 },
  ],
}
