import type { ClusterModel, ModelCluster, ModelOutputs } from '../model.ts'

/** What method's memberships are called that have no layers of their own. */
const OF_ITSELF = 'cluster'
const POOLED: ModelCluster = {
  ownKey: 'pooled',
  name: 'Small combinations',
  criteria: 'every combination of layers that too few customers are in',
  level: 0,
  parent: null,
}

export interface LayerToJoin {
  readonly name: string
  /** Null: it has no clusters. */
  readonly model: Omit<ClusterModel, 'features'> | null
  /** Clusters that nobody can be in, since the layer does not take such customers. */
  readonly unused: readonly number[]
}

export interface JoinedLayers extends ModelOutputs {
  readonly clusters: readonly ModelCluster[]
  /** One a layer: its cluster number → number among all; −1: unused. */
  readonly numbers: readonly (readonly number[])[]
}

/** Clusters, scores, further memberships and reasons of layers, one after the other; own keys begin with the layer's name. */
export function joinLayers(layers: readonly LayerToJoin[]): JoinedLayers {
  const clusters: ModelCluster[] = []
  const numbers = layers.map(({ name, model, unused }) => {
    const used = (model?.clusters ?? []).map((_, cluster) => !unused.includes(cluster))
    let next = clusters.length
    const own = used.map((isUsed) => (isUsed ? next++ : -1))
    for (const [cluster, one] of (model?.clusters ?? []).entries()) {
      if (!used[cluster]) continue
      const ownKey = one.ownKey === null ? null : `${name}/${one.ownKey}`
      clusters.push({ ...one, ownKey, parent: one.parent === null ? null : own[one.parent]!, layer: name })
    }
    return own
  })
  const scoreNames = layers.flatMap(({ model }) => (model?.scores ?? []).map((score) => score.name))
  const isShared = (score: string): boolean => scoreNames.indexOf(score) !== scoreNames.lastIndexOf(score)
  return {
    clusters,
    numbers,
    layers: layers.map(({ name }) => name),
    scores: layers.flatMap(({ name, model }) =>
      (model?.scores ?? []).map((one) => (isShared(one.name) ? { ...one, name: `${name}/${one.name}` } : one)),
    ),
    also: layers.flatMap(({ name, model }) => (model?.also ?? []).map(({ layer }) => ({ layer: within(name, layer) }))),
    reasons: layers.flatMap(({ model }) => model?.reasons ?? []),
  }
}

/**
 * The same for combinations of layers: these are numbered first and are the clusters that customers are in first of all; each layer's own
 * clusters follow, one level higher.
 *
 * @param paths see `PooledCells`
 * @param strays clusters that also hold customers of other first layer's clusters
 */
export function crossLayers(
  layers: readonly LayerToJoin[],
  paths: readonly (readonly number[] | null)[],
  strays: ReadonlySet<number>,
): JoinedLayers {
  const joined = joinLayers(layers)
  const shift = paths.length
  const numbers = joined.numbers.map((own) => own.map((number) => (number < 0 ? -1 : number + shift)))
  const cells = paths.map((path, cluster): ModelCluster => {
    if (path === null) return POOLED
    const parts = path.map((number, layer) => ({
      layer: layers[layer]!.name,
      ...joined.clusters[joined.numbers[layer]![number]!]!,
    }))
    const isNamed = parts.every(({ name }) => name !== null)
    const isWhole = path.length < layers.length
    const criteria = parts.flatMap((part) => (part.criteria === null ? [] : [`${part.layer}: ${part.criteria}`]))
    return {
      parts: path.map((number, layer) => numbers[layer]![number]!),
      ownKey: parts.every(({ ownKey }) => ownKey !== null)
        ? [...parts.map(({ ownKey }) => ownKey), ...(isWhole ? ['*'] : [])].join('+')
        : null,
      name: isNamed ? [...parts.map(({ name }) => name), ...(isWhole ? ['all'] : [])].join(' · ') : null,
      criteria: isNamed && criteria.length === parts.length ? criteria.join('; ') : null,
      level: 0,
      parent: strays.has(cluster) ? null : numbers[0]![path[0]!]!,
    }
  })
  const own = joined.clusters.map((one) => ({
    ...one,
    level: one.level + 1,
    parent: one.parent === null ? null : one.parent + shift,
  }))
  return {
    ...joined,
    clusters: [...cells, ...own],
    numbers,
    layers: [OF_ITSELF],
    also: layers.flatMap(({ name, model }) => [
      { layer: name },
      ...(model?.also ?? []).map(({ layer }) => ({ layer: within(name, layer) })),
    ]),
  }
}

function within(name: string, layer: string): string {
  return layer === OF_ITSELF ? name : `${name}/${layer}`
}
