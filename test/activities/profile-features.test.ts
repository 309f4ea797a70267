import { expect, it } from 'vitest'
import { profileFeatures } from '../../src/activities/profile-features.ts'
import { PLAIN_CLUSTER } from '../../src/stages/cluster/model.ts'
import type { ClusterModel } from '../../src/stages/cluster/model.ts'
import type { FittedNumber } from '../../src/stages/features/transform.ts'
import { openSession } from '../stages/engine-session.ts'
import { planFor } from './stage-bench.ts'

it('describes a segment of an upper level by the customers of the segments it holds (by hand)', async () => {
  const { session, close } = await openSession()
  try {
    await session.execute(`create table population as
      select cast(row_number() over (order by frequency) - 1 as integer) as customer_row, cluster, also_1,
        cast(frequency as double) as frequency
      from (values (0, 2, 1), (1, 2, 3), (3, null, 8)) as given(cluster, also_1, frequency)`)
    const frequency: FittedNumber = {
      ...{ kind: 'number', name: 'frequency', unit: 'count', weight: 1, transform: 'none', power: null },
      ...{ lower: 0, upper: 99, impute: 0, mean: 0, scale: 1, flag: null, isConstant: false },
    }
    const clusters = [PLAIN_CLUSTER, PLAIN_CLUSTER, { ...PLAIN_CLUSTER, level: 1 }, PLAIN_CLUSTER]
    const model = {
      ...{ clusterCount: 4, clusters, also: [{ layer: 'macro' }] },
      features: { features: [frequency], dropped: [] },
    } as unknown as ClusterModel
    const [described] = await profileFeatures(session, planFor({ features: ['frequency'] }), model)
    expect(described!.profiles.map(({ mean, populationMean }) => [mean, populationMean])).toEqual([
      [1, 4],
      [3, 4],
      [2, 4],
      [8, 4],
    ])
  } finally {
    await close()
  }
})
