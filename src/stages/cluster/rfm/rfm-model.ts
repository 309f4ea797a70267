import type { FeatureUnit } from '../../features/catalogue/entry.ts'
import type { ModelCluster } from '../model.ts'
import type { Placed } from '../placed.ts'
import { strongestReasons } from '../strongest-reasons.ts'
import type { RfmDimension } from './config.ts'
import { rfmDimensions } from './config.ts'
import { describeGroup } from './describe-groups.ts'
import { placeScores } from './place-scores.ts'
import type { RfmParameters } from './place-scores.ts'

/** One a group in their order, then those who are not scored. */
export function rfmClusters(parameters: RfmParameters, recencyUnit: FeatureUnit): readonly ModelCluster[] {
  const { groups, unscored, dimensions } = parameters
  const ofGroups = groups.map((group) => ({
    ownKey: group.key,
    name: group.name,
    criteria: describeGroup(group, parameters, recencyUnit),
    level: 0,
    parent: null,
  }))
  if (!unscored) return ofGroups
  const names = rfmDimensions.map((name) => dimensions[name].feature)
  const criteria = `${names.slice(0, -1).join(', ')} or ${names.at(-1)!} missing`
  return [...ofGroups, { ownKey: unscored.key, name: unscored.name, criteria, level: 0, parent: null }]
}

/** What is published of each customer, in the order of `placeByScores`. */
export const rfmScores = ['recency_score', 'frequency_score', 'monetary_score', 'rfm_score'].map((name) => ({
  name,
  unit: 'score',
}))

/** Features in the order of the reasons. */
export function rfmReasons({ dimensions }: RfmParameters): readonly string[] {
  return rfmDimensions.map((name) => dimensions[name].feature)
}

/**
 * Puts customers in the groups of their scores. Confidence is 1: a score is on one side of a cut. A feature pulls by how far its score is
 * from the middle one, at most 1, below 0 where the value is low.
 *
 * @param values by dimension, NaN where missing
 */
export function placeByScores(values: Readonly<Record<RfmDimension, Float64Array>>, parameters: RfmParameters): Placed {
  const { cluster, scores, combined, isOutlier } = placeScores(values, parameters)
  const rowCount = cluster.length
  const middle = (parameters.scores + 1) / 2
  const pulls = rfmDimensions.map((name) => {
    // A high score of recency is few days.
    const scale = (name === 'recency' ? -1 : 1) / (parameters.scores - middle)
    const pull = new Float64Array(rowCount)
    for (let i = 0; i < rowCount; i++) pull[i] = (scores[name][i]! - middle) * scale
    return pull
  })
  return {
    cluster,
    confidence: new Float64Array(rowCount).fill(1),
    distance: new Float64Array(rowCount).fill(NaN),
    nextCluster: new Int32Array(rowCount).fill(-1),
    isOutlier,
    layer: null,
    scores: [...rfmDimensions.map((name) => scores[name]), combined],
    also: [],
    reasons: strongestReasons(pulls, rowCount),
  }
}
