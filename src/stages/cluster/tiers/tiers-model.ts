import type { FeatureUnit } from '../../features/catalogue/entry.ts'
import type { ModelCluster } from '../model.ts'
import type { Placed } from '../placed.ts'
import { strongestReasons } from '../strongest-reasons.ts'
import { describeTiers } from './describe-tiers.ts'
import type { TierParameters } from './fit-tiers.ts'
import { placeInTiers } from './place-in-tiers.ts'

/** The best first, then `No value` and `Value unknown` where there are such customers. */
export function tierClusters(parameters: TierParameters, unit: FeatureUnit): readonly ModelCluster[] {
  const { tiers, nonPositive, unknown } = parameters
  const criteria = describeTiers(parameters, unit)
  return [...tiers, nonPositive, unknown]
    .filter((tier) => tier !== null)
    .map(({ key, name }, index) => ({ ownKey: key, name, criteria: criteria[index]!, level: 0, parent: null }))
}

/** What is published of each customer, in the order of `placeByValue`. */
export function tierScores(unit: FeatureUnit): readonly { readonly name: string; readonly unit: string }[] {
  return [
    { name: 'value', unit },
    { name: 'percentile', unit: 'share' },
    { name: 'cumulative_share', unit: 'share' },
    { name: 'margin', unit },
  ]
}

/**
 * Puts customers in tiers. Confidence is 1: a value is on one side of a cut; how far from it is the score `margin`. The feature pulls by
 * how far the customer is from the middle of all, −1 to 1
 *
 * @param values of the feature, NaN where missing
 */
export function placeByValue(values: Float64Array, parameters: TierParameters): Placed {
  const { cluster, next, isOutlier, percentile, totalShare, margin } = placeInTiers(values, parameters)
  const rowCount = values.length
  const pull = new Float64Array(rowCount)
  for (let i = 0; i < rowCount; i++) pull[i] = (percentile[i]! - 0.5) * 2
  return {
    cluster,
    confidence: new Float64Array(rowCount).fill(1),
    distance: new Float64Array(rowCount).fill(NaN),
    nextCluster: next,
    isOutlier,
    layer: null,
    scores: [values, percentile, totalShare, margin],
    also: [],
    reasons: strongestReasons([pull], rowCount),
  }
}
