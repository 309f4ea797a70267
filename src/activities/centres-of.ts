import { dimensionsOf } from '../stages/features/transform.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import type { ScaledCentre } from '../stages/features/rescale-centre.ts'
import { modelOfLayer } from '../stages/cluster/hybrid/layer-models.ts'
import type { ClusterModel, ModelCluster } from '../stages/cluster/model.ts'

/**
 * Where clusters lie, for methods that have such a place. That of an upper level is the middle of those it holds.
 *
 * @param sizes customers of each cluster, absent: all alike
 * @returns one a cluster number
 */
export function centresOf(model: ClusterModel, sizes?: readonly number[]): readonly (ScaledCentre | null)[] {
  const { parameters, features, clusters } = model
  switch (parameters.method) {
    case 'kmeans':
      return parameters.centres.map((values) => ({ features, values }))
    case 'mixture':
      return parameters.means.map((values) => ({ features, values }))
    case 'mixed':
      return parameters.prototypes.map((values) => ({ features, values: fromModes(values, features) }))
    case 'hierarchy':
      return withUpper(
        parameters.centres.map((values) => ({ features, values })),
        clusters,
        sizes,
      )
    case 'hybrid': {
      const centres = new Array<ScaledCentre | null>(clusters.length).fill(null)
      for (const { model: layer, numbers } of parameters.layers) {
        if (!layer) continue
        const own = sizes && numbers.map((number) => (number < 0 ? 0 : sizes[number]!))
        centresOf(modelOfLayer(layer, features), own).forEach((centre, cluster) => {
          if (numbers[cluster]! >= 0) centres[numbers[cluster]!] = centre
        })
      }
      return centres
    }
    case 'predictive':
    case 'rfm':
    case 'rules':
    case 'tiers':
      return clusters.map(() => null)
  }
}

/** A prototype has one level of each category: everybody in the middle of the cluster has it. */
function fromModes(prototype: readonly number[], { features }: FittedTransforms): readonly number[] {
  let at = 0
  return features.flatMap((feature) => {
    const part = prototype.slice(at, (at += dimensionsOf(feature)))
    if (feature.kind !== 'category') return part
    const { shares, scale, weight } = feature
    return part.map((value, level) => (((value > 0 ? 1 : 0) - shares[level]!) / scale) * weight)
  })
}

function withUpper(
  finest: readonly ScaledCentre[],
  clusters: readonly ModelCluster[],
  sizes: readonly number[] | undefined,
): readonly (ScaledCentre | null)[] {
  const centres: (ScaledCentre | null)[] = [...finest]
  const weights = clusters.map((_, cluster) => (cluster < finest.length ? Math.max(sizes?.[cluster] ?? 1, 0) : 0))
  const levels = [...new Set(clusters.map(({ level }) => level))].sort((a, b) => a - b)
  for (const level of levels.filter((one) => one > 0))
    for (const [cluster, one] of clusters.entries()) {
      if (one.level !== level) continue
      const held = clusters.flatMap(({ parent }, child) => (parent === cluster && centres[child] ? [child] : []))
      weights[cluster] = held.reduce((sum, child) => sum + weights[child]!, 0)
      centres[cluster] = weights[cluster] === 0 ? null : middleOf(held, centres, weights)
    }
  return centres
}

function middleOf(
  held: readonly number[],
  centres: readonly (ScaledCentre | null)[],
  weights: readonly number[],
): ScaledCentre {
  const { features, values } = centres[held[0]!]!
  const total = held.reduce((sum, child) => sum + weights[child]!, 0)
  const middle = values.map(
    (_, i) => held.reduce((sum, child) => sum + weights[child]! * centres[child]!.values[i]!, 0) / total,
  )
  return { features, values: middle }
}
