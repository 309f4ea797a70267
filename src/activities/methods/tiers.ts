import { quoteName } from '../../sql/sql-text.ts'
import { fitTiers } from '../../stages/cluster/tiers/fit-tiers.ts'
import { placeByValue, tierClusters, tierScores } from '../../stages/cluster/tiers/tiers-model.ts'
import type { ClusterMethod } from './method.ts'
import { readableColumns } from './readable-columns.ts'
import { countedCustomers, readValueCounts } from './value-counts.ts'

/** Tiers of one feature. */
export const tiers: ClusterMethod<'tiers'> = {
  async fit({ config, plan, session, relation, customerCount, features, live }) {
    const published = live?.parameters.method === 'tiers' ? live.parameters : null
    const counts = await readValueCounts(session, relation, config.feature)
    const parameters = fitTiers(config, counts, customerCount - countedCustomers(counts), published)
    const { unit } = readableColumns(plan)[config.feature]!
    const clusters = tierClusters(parameters, unit)
    return {
      formatVersion: 2,
      method: 'tiers',
      features,
      clusterCount: clusters.length,
      clusters,
      layers: ['cluster'],
      scores: tierScores(unit),
      also: [],
      reasons: [parameters.feature],
      fittedCustomers: customerCount,
      candidates: [],
      parameters,
    }
  },

  columns: ({ parameters }) => ({ value: quoteName(parameters.feature) }),

  place({ columns }, { parameters }) {
    return Promise.resolve({ ...placeByValue(columns.value as Float64Array, parameters), unseenLevels: {} })
  },
}
