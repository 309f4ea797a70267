import { TooFewCustomers } from '../../errors/too-few-customers.ts'
import type { KernelPool } from '../../ports/kernel-pool.ts'
import { quoteName } from '../../sql/sql-text.ts'
import { bandClusters, placeInBands } from '../../stages/cluster/predictive/bands.ts'
import { assertPossible, fitPredictive, forecastCustomers } from '../../stages/cluster/predictive/fit.ts'
import { forecastCandidates } from '../../stages/cluster/predictive/forecast-candidates.ts'
import type { PredictiveCalculations } from '../../stages/cluster/predictive/fit-models.ts'
import {
  chooseInputs,
  historiesOf,
  inputNames,
  placingInputs,
  sampleOf,
} from '../../stages/cluster/predictive/inputs.ts'
import type { ColumnSet } from '../../stages/cluster/predictive/inputs.ts'
import { reasonLabels, reasonsOf } from '../../stages/cluster/predictive/reasons.ts'
import { publishedScores, scoresOf } from '../../stages/cluster/predictive/scores.ts'
import { compileSample } from '../../stages/cluster/sql.ts'
import { resolveFeatures } from '../../stages/features/resolve-features.ts'
import type { ClusterMethod } from './method.ts'

/** Models of repeat buying and spend: customers banded by what is forecast of them. */
export const predictive: ClusterMethod<'predictive'> = {
  async fit({ config, plan, session, relation, customerCount, features, live, kernels, attempt }) {
    if (customerCount === 0)
      throw new TooFewCustomers(
        'There is no customer to forecast.',
        'Widen what extract and cleanse let through; then rerun.',
      )
    const { pipeline } = plan.definition
    const available = new Set(resolveFeatures(pipeline.features).map(({ column }) => column))
    const inputs = chooseInputs(config, available)
    const { columns, rowCount } = await session.columns(compileSample(relation, inputNames(inputs), config.sampleRows))
    const parameters = await fitPredictive(
      config,
      sampleOf(inputs, columns as ColumnSet),
      pipeline.extract.population === 'customers',
      live?.parameters.method === 'predictive' ? live.parameters : null,
      inThreads(kernels, attempt.signal),
    )
    const clusters = bandClusters(parameters)
    return {
      formatVersion: 2,
      method: 'predictive',
      features,
      clusterCount: clusters.length,
      clusters: clusters.map((cluster) => ({ ...cluster, level: 0, parent: null })),
      layers: ['cluster'],
      scores: publishedScores(parameters).map(({ name, unit }) => ({ name, unit })),
      also: [],
      reasons: reasonLabels,
      fittedCustomers: rowCount,
      candidates: forecastCandidates(parameters, clusters.length),
      parameters,
    }
  },

  columns({ parameters: { inputs, hasGrowth } }) {
    const { histories, recentPurchases } = placingInputs(inputs, hasGrowth)
    const names = [...histories, ...(recentPurchases === null ? [] : [recentPurchases])]
    return Object.fromEntries(names.map((name) => [name, quoteName(name)]))
  },

  async place({ columns, rowCount }, { parameters }, { kernels, signal }) {
    const { inputs, hasGrowth, typical } = parameters
    const { histories, recentPurchases } = placingInputs(inputs, hasGrowth)
    const known = assertPossible(historiesOf(histories, columns as ColumnSet), parameters)
    const forecast = await forecastCustomers(known, parameters, parameters, inThreads(kernels, signal))
    const recent = recentPurchases === null ? null : (columns as ColumnSet)[recentPurchases]!
    const scores = scoresOf(forecast, recent)
    return {
      ...placeInBands(scores, parameters),
      distance: new Float64Array(rowCount).fill(NaN),
      isOutlier: new Int32Array(rowCount),
      layer: null,
      scores: publishedScores(parameters).map(({ name }) => scores[name]),
      also: [],
      reasons: reasonsOf(forecast, typical),
      unseenLevels: {},
    }
  },
}

function inThreads(kernels: KernelPool, signal: AbortSignal): PredictiveCalculations {
  return {
    fitRepeatBuying: (task) => kernels.calculate('fitRepeatBuying', [task], signal),
    forecastRepeatBuying: (task) => kernels.calculate('forecastRepeatBuying', [task], signal),
  }
}
