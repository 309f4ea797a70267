import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import type { ModelOf } from '../../src/activities/methods/method.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import type { RunPlan } from '../../src/plan/run-plan.ts'
import type { Services } from '../../src/ports/services.ts'
import type { StageOutput } from '../../src/activities/activities.ts'
import type { Definition } from '../../src/plan/definition.ts'
import type { ArtifactRef } from '../../src/run/artifact.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import type { Customer } from './candidate-bench.ts'
import { PipelineBench } from './pipeline-bench.ts'
import { exampleDefinition } from './run-example.ts'

const FILE = resolve(import.meta.dirname, '../../../shared/data/cdnow/CDNOW_master.txt.gz')
const AS_OF = '1998-07-01'

describe.skipIf(!existsSync(FILE))('method predictive on CDNOW', { timeout: 180_000 }, () => {
  let bench: PipelineBench
  beforeAll(async () => {
    bench = await PipelineBench.open()
  })
  afterAll(async () => {
    await bench.close()
  })

  async function modelOf(definition: Definition, ref: ArtifactRef): Promise<ModelOf<'predictive'>> {
    const { files } = await bench.manifest(definition, ref)
    return readDocument(bench.services.store(definition), ref.uri, files, 'model')
  }

  it('has the known parameters of the whole set at the cutoff, and a candidate row of each customer', async () => {
    const example = exampleDefinition('predictive')
    const cluster = { ...example.pipeline.cluster, model: 'bgNbd' } as Definition['pipeline']['cluster']
    const definition = { ...example, pipeline: { ...example.pipeline, cluster } }
    const { features } = await bench.run(definition, AS_OF)
    const { ref } = await clusterCustomers(bench.services, bench.plan(definition, AS_OF), features, 1)
    const model = await modelOf(definition, ref)
    const { parameters, scores, reasons, clusters } = model
    expect(parameters.note).toBeNull()
    expect([parameters.purchases.fit.status, parameters.spend.status]).toEqual(['converged', 'converged'])
    const { purchaseFit, purchases, customers } = parameters.backTest!
    // Computed with SciPy from the file in weeks, to 1997-09-30: .25162, 4.78894, .72343, 2.16109 and −95,368.444; in days α is 7 times
    // as large, and each of 24,337 repeat purchase days is ln 7 less likely. 19,684 repeat purchase days follow in 39 weeks.
    const { r, alpha, a, b } = purchaseFit.parameters!
    const expected = [0.25162, 7 * 4.78894, 0.72343, 2.16109]
    ;[r, alpha, a, b].forEach((value, i) => expect(value / expected[i]!).toBeCloseTo(1, 4))
    expect(purchaseFit.logLikelihood).toBeCloseTo(-95_368.444 - 24_337 * Math.log(7), 2)
    expect([customers, purchases.model.actual]).toEqual([23_570, 19_684])
    expect(purchases.model.rootMeanSquare).toBeLessThan(purchases.naive.rootMeanSquare)
    expect(scores.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      ...['p_alive share', 'p_purchase share', 'expected_purchases count', 'expected_spend money'],
      ...['lifetime_value money', 'churn_risk share', 'growth count'],
    ])
    const rows = await bench.rows(
      definition,
      ref,
      `SELECT cluster, count(*)::INTEGER AS customers, min(score_1) AS least_alive, max(score_1) AS most_alive, max(abs(score_1 + score_6 - 1)) AS gap,
        bool_and(score_3 >= score_2 - 1e-9) AS more, bool_and(score_5 >= 0) AS worth, bool_and(reason_1 BETWEEN 0 AND 2 AND abs(pull_1) >= abs(pull_2)) AS told
      FROM rows GROUP BY cluster ORDER BY cluster`,
    )
    expect(rows.reduce((sum, { customers }) => sum + Number(customers), 0)).toBe(23_570)
    for (const row of rows) {
      expect(row.least_alive).toBeGreaterThanOrEqual(0)
      expect(row.most_alive).toBeLessThanOrEqual(1)
      expect(row.gap).toBeLessThan(1e-12)
      expect([row.more, row.worth, row.told]).toEqual([true, true, true])
    }
    expect(reasons).toHaveLength(3)
    expect(clusters.map(({ name }) => name)).toContain('At risk, high value')
  })
})

describe('method predictive over shards', { timeout: 60_000 }, () => {
  it('gives the same model and the same rows for any number of them', async () => {
    const bench = await CandidateBench.open()
    try {
      // x, t_x = T and mean spend of 400 customers; a quarter never came back.
      const customers = Array.from({ length: 400 }, (_, i): Customer => {
        const x = i % 4 === 0 ? 0 : 1 + (i % 7)
        return [`c${i}`, x === 0 ? 0 : 20 + ((i * 37) % 300), x, x === 0 ? null : 5 + ((i * 13) % 50)]
      })
      const inputs = { repeatPurchases: 'frequency', purchaseAge: 'recency', observedAge: 'recency' }
      const plan = planOf({
        cluster: { method: 'predictive', inputs: { ...inputs, meanRepeatSpend: 'monetary' }, leastRepeatBuyers: 10 },
      })
      const [one, four] = [await clusterOn(bench, plan, customers, 1), await clusterOn(bench, plan, customers, 4)]
      expect(four.model).toEqual(one.model)
      expect(four.rows).toEqual(one.rows)
      expect(one.rows).toHaveLength(400)
    } finally {
      await bench.close()
    }
  })
})

async function clusterOn(bench: CandidateBench, plan: RunPlan, customers: readonly Customer[], shardCount: number) {
  const features = await bench.commitFeatures(plan, customers, shardCount)
  const { ref } = await clusterCustomers(bench.services, plan, features, shardCount)
  const { files } = (await bench.services.store(plan.definition).readManifest(ref.uri, 'manifest'))!
  const rows = await bench.rowsOf(ref, 'rows')
  return {
    model: await readDocument<ModelOf<'predictive'>>(bench.services.store(plan.definition), ref.uri, files, 'model'),
    rows: rows.map((row) => ({ ...row, file_row_number: null })),
  }
}

async function clusterCustomers(
  services: Services,
  plan: RunPlan,
  features: ArtifactRef,
  shardCount: number,
): Promise<StageOutput> {
  const activities = makeClusterActivities(services)
  const act = <T>(activity: () => Promise<T>): Promise<T> =>
    new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity)
  const fit = await act(() => activities.fitClusters(plan, features, shardCount))
  for (let shard = 0; shard < shardCount; shard++)
    await act(() => activities.placeShard(plan, features, shard, shardCount, fit))
  return act(() => activities.clusterCustomers(plan, features, shardCount, fit))
}
