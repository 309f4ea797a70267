import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeClusterActivities } from '../../src/activities/cluster.ts'
import { coordinatesOf } from '../../src/activities/coordinates.ts'
import type { ModelOf } from '../../src/activities/methods/method.ts'
import { readDocument } from '../../src/activities/read-document.ts'
import { allColumns } from '../../src/stages/features/transform.ts'
import { CandidateBench, planOf } from './candidate-bench.ts'
import { threeGroups } from './three-groups.ts'
import type { Customer } from './candidate-bench.ts'

const CUSTOMERS = 300
const REFINED = 200

// Files share a process: what others have loaded knows no mock, and what is loaded here must not stay.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

// Beyond 32 million values a fit is refined on some customers only. Here that is so beyond 200 customers.
vi.mock('../../src/stages/cluster/kmeans/plan-refinement.ts', () => ({ planRefinement: () => REFINED }))

let bench: CandidateBench
beforeAll(async () => {
  bench = await CandidateBench.open()
})
afterAll(() => bench.close())

async function fitted(
  customers: readonly Customer[],
  shardCount: number,
): Promise<{ model: ModelOf<'kmeans'>; clusterOf: ReadonlyMap<string, number> }> {
  const plan = planOf({ cluster: { count: 3, sampleRows: 100 } })
  const features = await bench.commitFeatures(plan, customers, shardCount)
  const activities = makeClusterActivities(bench.services)
  const fit = await bench.run(activities.fitClusters, plan, features, shardCount)
  for (let shard = 0; shard < shardCount; shard++)
    await bench.run(activities.placeShard, plan, features, shard, shardCount, fit)
  const { ref } = await bench.run(activities.clusterCustomers, plan, features, shardCount, fit)
  const store = bench.services.store({} as never)
  const { files } = (await store.readManifest(ref.uri, 'manifest'))!
  const rows = await bench.rowsOf(ref, 'rows')
  return {
    model: await readDocument(store, ref.uri, files, 'model'),
    clusterOf: new Map(rows.map((row) => [String(row.customer_id), Number(row.cluster)])),
  }
}

describe('more customers than a fit is refined on', { timeout: 120_000 }, () => {
  it('are all placed, by centres that are the means of those that come first by MD5 of their id', async () => {
    const customers = threeGroups(CUSTOMERS / 3)
    const { model, clusterOf } = await fitted(customers, 1)
    expect(clusterOf.size).toBe(CUSTOMERS)
    expect(model).toMatchObject({ clusterCount: 3, fittedCustomers: REFINED })
    const hash = ([id]: Customer): string => createHash('md5').update(id).digest('hex')
    const first = customers.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, REFINED)
    const names = ['customer_id', 'recency', 'frequency', 'monetary', 'preferredChannel']
    const columns = Object.fromEntries(
      allColumns(model.features).map((name) => {
        const values = first.map((customer) => customer[names.indexOf(name) as 1] ?? null)
        return [
          name,
          values.some((value) => typeof value === 'number') ? Float64Array.from(values, (v) => v ?? NaN) : values,
        ]
      }),
    )
    const { values, dimensions } = coordinatesOf({ columns, rowCount: REFINED } as never, model.features)
    const { centres } = model.parameters
    centres.forEach((centre, cluster) => {
      const members = first.flatMap(([id], row) => (clusterOf.get(id) === cluster ? [row] : []))
      expect(members.length).toBeGreaterThan(30)
      centre.forEach((value, j) => {
        const mean = members.reduce((sum, row) => sum + values[row * dimensions + j]!, 0) / members.length
        expect(value).toBeCloseTo(mean, 10)
      })
    })
  })

  it('give the same model and the same clusters for any number of shards, in any order', async () => {
    const customers = threeGroups(CUSTOMERS / 3, 'd')
    const one = await fitted(customers, 1)
    expect(await fitted(customers.toReversed(), 4)).toEqual(one)
  })
})
