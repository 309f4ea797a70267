import { expect, it } from 'vitest'
import { profileFeatures } from '../../src/activities/profile-features.ts'
import { PLAIN_CLUSTER } from '../../src/stages/cluster/model.ts'
import type { ClusterModel } from '../../src/stages/cluster/model.ts'
import type { FittedNumber } from '../../src/stages/features/transform.ts'
import { openSession } from '../stages/engine-session.ts'
import { planFor } from './stage-bench.ts'

it('profiles the gap to peers in each cluster by the benchmarks of the model', async () => {
  const { session, close } = await openSession()
  try {
    await session.execute(`create table population as
      select cast(row_number() over (order by spend) - 1 as integer) as customer_row, cluster,
        cast(spend as double) as "potentialValue:spend", category as "potentialValue:category"
      from (values (1, 8, 'wine'), (0, 20, 'wine'), (0, 24, 'toys'), (1, 2, 'toys'), (1, 1, null)) as given(cluster, spend, category)`)
    const fitted: FittedNumber = {
      ...{ kind: 'number', name: 'potentialValue', unit: 'money', weight: 1, transform: 'none', power: null },
      ...{ lower: 0, upper: 99, impute: 0, mean: 0, scale: 1, flag: null, isConstant: false },
      peers: { categories: ['wine'], benchmarks: [28], pooled: 6 },
    }
    const clusters = [PLAIN_CLUSTER, PLAIN_CLUSTER]
    const model = {
      clusterCount: 2,
      clusters,
      features: { features: [fitted], dropped: [] },
    } as unknown as ClusterModel
    const plan = planFor({ features: ['potentialValue'] })
    const [described] = await profileFeatures(session, plan, model)
    // By hand. Cluster 0: wine 28 − 20 = 8, toys max(0, 6 − 24) = 0. Cluster 1: wine 20, toys 4, and one without a category.
    expect(described).toMatchObject({
      feature: 'potentialValue',
      profiles: [
        { mean: 4, nullShare: 0, populationMean: 8 },
        { mean: 12, median: 12, nullShare: expect.closeTo(1 / 3, 12) as number },
      ],
    })
  } finally {
    await close()
  }
})
