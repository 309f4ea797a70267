import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PipelineBench } from '../pipeline-bench.ts'
import type { ClusteredPipeline, Row } from '../pipeline-bench.ts'
import { exampleDefinition } from '../run-example.ts'

const DATA = resolve(import.meta.dirname, '../../../../shared/data')
if (!existsSync(DATA)) console.warn(`Skipped: ${DATA}, the public data sets, is not there.`)

/** Examples of pipelines/examples up to their candidates. */
describe.skipIf(!existsSync(DATA))('examples over public files', { timeout: 240_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(() => bench.close())

  const run = (name: string, asOf: string): Promise<ClusteredPipeline> => bench.cluster(exampleDefinition(name), asOf)
  /** Rows of the candidate by SQL over relation `rows`. */
  const query = ({ definition, candidate }: ClusteredPipeline, sql: string): Promise<readonly Row[]> =>
    bench.rows(definition, candidate, sql)

  it('mixture: every customer of Online Retail has the probability of its segment, the count has the lowest criterion', async () => {
    const ran = await run('mixture', '2011-12-10')
    const { candidates, parameters } = ran.model
    expect(parameters).toMatchObject({ method: 'mixture', fittedBy: 'mixture', converged: true })
    const criteria = candidates.map(({ bic }) => bic!)
    expect(candidates.find(({ chosen }) => chosen)!.bic).toBe(Math.min(...criteria))
    const [figures] = await query(
      ran,
      `SELECT count(*)::INTEGER AS customers, count(*) FILTER (score_1 = confidence AND confidence BETWEEN 0.2 AND 1)::INTEGER AS sure,
        count(*) FILTER (reason_1 BETWEEN 0 AND 3)::INTEGER AS with_reason, count(*) FILTER (is_outlier)::INTEGER AS outliers FROM rows`,
    )
    // Recounted: 4,338 customers with a clean line; half a percent of them are the least dense.
    expect(figures).toMatchObject({ customers: 4_338, sure: 4_338, outliers: 22 })
    // A few lie where another cluster is denser, and are in the larger one for its size: no feature speaks for it.
    expect(figures!.with_reason).toBeGreaterThan(4_320)
  })

  it('mixed: the segments of Telco are told apart by categories and numbers together', async () => {
    const ran = await run('mixed', '2020-01-01')
    const { features, clusterCount, parameters, reasons } = ran.model
    // Half of the deviation of standardised numbers.
    expect(parameters).toMatchObject({ method: 'mixed', gamma: expect.closeTo(0.5, 9) as unknown })
    expect(features.features.map(({ kind }) => kind).toSorted()).toEqual([
      ...['category', 'category', 'category'],
      ...['number', 'number'],
    ])
    const sizes = await query(ran, 'SELECT cluster, count(*)::INTEGER AS n FROM rows GROUP BY cluster ORDER BY cluster')
    expect(sizes.map(({ cluster }) => cluster)).toEqual(Array.from({ length: clusterCount }, (_, i) => i))
    expect(sizes.reduce((sum, { n }) => sum + Number(n), 0)).toBe(7_043)
    const strongest = await query(ran, 'SELECT DISTINCT reason_1 FROM rows WHERE reason_1 IS NOT NULL')
    const kinds = new Set(
      strongest.map(({ reason_1 }) => features.features.find(({ name }) => name === reasons[Number(reason_1)])!.kind),
    )
    expect([...kinds].sort()).toEqual(['category', 'number'])
  })

  it('hierarchy: micro segments of households lie within macro segments, none below its minimum', async () => {
    const ran = await run('hierarchy', '2018-01-01')
    const { clusters, also, parameters } = ran.model
    expect(also).toEqual([{ layer: 'macro' }])
    // Recounted: 2,373 households; a tenth of them, rounded up.
    expect(parameters).toMatchObject({ levels: ['micro', 'macro'], minimums: [80, 238] })
    const sizes = await query(ran, 'SELECT cluster, also_1, count(*)::INTEGER AS n FROM rows GROUP BY ALL ORDER BY ALL')
    expect(sizes).toHaveLength(12)
    for (const { cluster, also_1, n } of sizes) {
      expect(also_1).toBe(clusters[Number(cluster)]!.parent)
      expect(Number(n)).toBeGreaterThanOrEqual(80)
    }
    const macros = await query(ran, 'SELECT also_1, count(*)::INTEGER AS n FROM rows GROUP BY also_1')
    expect(macros).toHaveLength(4)
    expect(macros.reduce((sum, { n }) => sum + Number(n), 0)).toBe(2_373)
    for (const { n } of macros) expect(Number(n)).toBeGreaterThanOrEqual(238)
  })
})
