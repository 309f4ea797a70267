import type { Pipeline } from '../plan/pipeline.ts'
import { daysOf } from '../run/time-span.ts'
import { beforeHorizon } from '../stages/cluster/predictive/config.ts'
import type { PredictiveConfig } from '../stages/cluster/predictive/config.ts'
import { historyInputs } from '../stages/cluster/predictive/inputs.ts'
import type { FeatureSpec } from '../stages/features/config.ts'
import { findProblems, resolveFeatures } from '../stages/features/resolve-features.ts'
import { quote, suggestName } from './describe-value.ts'
import type { Finding } from './yaml-file.ts'

/** What method predictive reads against the features of the pipeline. */
export function checkPredictive({ cluster, features }: Pipeline): readonly Finding[] {
  if (cluster.method !== 'predictive') return []
  const bands = checkBands(cluster.bands)
  // Without sound features there is nothing to look names up in.
  if (findProblems(features).length > 0) return bands
  const specs = resolveFeatures(features)
  return [...bands, ...checkHistories(cluster, specs), ...checkBackTest(cluster, specs), ...checkRecent(cluster, specs)]
}

function checkBands({ risk, value }: PredictiveConfig['bands']): readonly Finding[] {
  const path = ['cluster', 'bands']
  return [
    ...(risk.atRisk < risk.lost
      ? []
      : [
          {
            path: [...path, 'risk'],
            came: `atRisk ${risk.atRisk} and lost ${risk.lost}`,
            wanted: 'atRisk below lost: the band at risk ends where lost begins',
          },
        ]),
    ...(value.high < value.medium
      ? []
      : [
          {
            path: [...path, 'value'],
            came: `high ${value.high} and medium ${value.medium}`,
            wanted: 'high below medium: the share of medium holds that of high',
          },
        ]),
  ]
}

function checkHistories({ inputs }: PredictiveConfig, specs: readonly FeatureSpec[]): readonly Finding[] {
  return historyInputs.flatMap((input) => {
    const name = inputs[input]
    const spec = specs.find(({ column }) => column === name)
    if (!spec) return [missing(['cluster', 'inputs', input], name, specs)]
    if (spec.type === 'category' || spec.type === 'composition')
      return [{ path: ['cluster', 'inputs', input], came: `${name}, a ${spec.type}`, wanted: 'a feature of numbers' }]
    return []
  })
}

function checkBackTest(
  { inputs, horizon, backTest }: PredictiveConfig,
  specs: readonly FeatureSpec[],
): readonly Finding[] {
  return historyInputs.flatMap((input) => {
    const name = beforeHorizon(inputs[input], horizon)
    const spec = specs.find(({ column }) => column === name)
    if (spec || backTest !== 'required') return []
    return [missing(['cluster', 'backTest'], name, specs)]
  })
}

/** What happened in the horizon is only told by a window that is as long. */
function checkRecent(
  { inputs, horizon, by, backTest }: PredictiveConfig,
  specs: readonly FeatureSpec[],
): readonly Finding[] {
  return (['recentPurchases', 'recentSpend'] as const).flatMap((input): readonly Finding[] => {
    const name = inputs[input]
    const path = ['cluster', 'inputs', input]
    const spec = specs.find(({ column }) => column === name)
    const isNeeded = input === 'recentPurchases' && (by.includes('growth') || backTest === 'required')
    if (!spec) return isNeeded ? [missing(path, name, specs)] : []
    const isAsLong = spec.window !== null && !spec.window.endsWith('months') && daysOf(spec.window) === daysOf(horizon)
    if (isAsLong) return []
    const came = spec.window === null ? `${name} without a window` : `${name} over ${spec.window}`
    return [{ path, came, wanted: `a feature over a window as long as cluster.horizon: { window: ${horizon} }` }]
  })
}

function missing(path: readonly string[], name: string, specs: readonly FeatureSpec[]): Finding {
  const among = specs.map(({ column }) => column)
  return {
    path,
    came: quote(name),
    wanted: 'the name of a feature of this pipeline; list it under features, see the guide of the method',
    hint: suggestName(name, among),
  }
}
