import { quoteName } from '../../sql/sql-text.ts'
import { dimensionOf, rfmDimensions } from '../../stages/cluster/rfm/config.ts'
import type { RfmDimension } from '../../stages/cluster/rfm/config.ts'
import { compileScored, dimensionsToFit, fitCuts } from '../../stages/cluster/rfm/fit-cuts.ts'
import { placeByScores, rfmClusters, rfmReasons, rfmScores } from '../../stages/cluster/rfm/rfm-model.ts'
import type { ValueCounts } from '../../stages/cluster/value-counts.ts'
import type { ClusterMethod } from './method.ts'
import { readableColumns } from './readable-columns.ts'
import { readValueCounts } from './value-counts.ts'

/** Scores of recency, frequency and monetary value. */
export const rfm: ClusterMethod<'rfm'> = {
  async fit({ config, plan, session, relation, customerCount, features, live }) {
    const published = live?.parameters.method === 'rfm' ? live.parameters : null
    const scored = compileScored(relation, config)
    const [{ customers } = { customers: 0 }] = await session.rows(`SELECT count(*) AS customers FROM ${scored}`)
    const counts: Partial<Record<RfmDimension, ValueCounts>> = {}
    for (const name of dimensionsToFit(config, published))
      counts[name] = await readValueCounts(
        session,
        config.missing === 'apart' ? scored : relation,
        dimensionOf(config, name).feature,
      )
    const parameters = fitCuts(config, counts, published, customerCount - Number(customers))
    const clusters = rfmClusters(parameters, readableColumns(plan)[parameters.dimensions.recency.feature]!.unit)
    return {
      formatVersion: 2,
      method: 'rfm',
      features,
      clusterCount: clusters.length,
      clusters,
      layers: ['cluster'],
      scores: rfmScores,
      also: [],
      reasons: rfmReasons(parameters),
      fittedCustomers: customerCount,
      candidates: [],
      parameters,
    }
  },

  columns: ({ parameters }) =>
    Object.fromEntries(rfmDimensions.map((name) => [name, quoteName(parameters.dimensions[name].feature)])),

  place({ columns }, { parameters }) {
    const values = columns as unknown as Readonly<Record<RfmDimension, Float64Array>>
    return Promise.resolve({ ...placeByScores(values, parameters), unseenLevels: {} })
  },
}
