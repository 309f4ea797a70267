import type { FittedTransforms } from '../../features/transform.ts'
import type { ClusterModel, LayerModel, ModelEvidence } from '../model.ts'
import type { JoinedLayers, LayerToJoin } from './join-layers.ts'
import { nameCandidates } from './layer-models.ts'
import type { HybridParameters } from './parameters.ts'

type HybridModel = ClusterModel & { readonly parameters: HybridParameters<LayerModel> }

/** The model of layers that have been fitted and joined. */
export function hybridModel(
  features: FittedTransforms,
  layers: readonly LayerToJoin[],
  { clusters, numbers, ...outputs }: JoinedLayers,
  fittedCustomers: number,
  parameters: HybridParameters<LayerModel>,
): HybridModel {
  const evidence = joinEvidence(layers, numbers, clusters.length)
  return {
    formatVersion: 2,
    method: 'hybrid',
    features,
    clusterCount: clusters.length,
    clusters,
    ...outputs,
    fittedCustomers,
    candidates: nameCandidates(layers),
    ...(evidence && { evidence }),
    parameters,
  }
}

/**
 * What the fits of layers found out: how stable each cluster of theirs is, and of the whole what the layer says whose halves predict each
 * other worst. Combinations of layers are of no fit's making: nothing is known of them beside their layers.
 *
 * @param numbers one a layer: its cluster → number among all
 * @returns undefined where no layer looks for groups
 */
export function joinEvidence(
  layers: readonly Pick<LayerToJoin, 'model'>[],
  numbers: readonly (readonly number[])[],
  clusterCount: number,
): ModelEvidence | undefined {
  const known = layers.flatMap(({ model }, layer) => (model?.evidence ? [{ layer, evidence: model.evidence }] : []))
  if (known.length === 0) return undefined
  const jaccards = new Array<number | null>(clusterCount).fill(null)
  for (const { layer, evidence } of known)
    for (const [cluster, jaccard] of evidence.jaccards.entries()) {
      const number = numbers[layer]![cluster]!
      if (number >= 0) jaccards[number] = jaccard
    }
  const strength = ({ evidence }: (typeof known)[number]): number => evidence.predictionStrength ?? Infinity
  const weakest = known.reduce((least, one) => (strength(one) < strength(least) ? one : least))
  const { clusterability, predictionStrength } = weakest.evidence
  return { clusterability, jaccards, predictionStrength }
}
