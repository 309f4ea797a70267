import type { FittedTransforms } from '../../features/transform.ts'
import type { ClusterModel, LayerModel, ModelCandidate } from '../model.ts'
import type { LayerToJoin } from './join-layers.ts'

/** A layer's model as its method made it. */
export function modelOfLayer(layer: LayerModel, features: FittedTransforms): ClusterModel {
  return { ...layer, features: layer.features ?? features }
}

/** What of the published model a layer may start from; null where it had no layer of that name and method. */
export function publishedLayer(live: ClusterModel | null, name: string, method: string): ClusterModel | null {
  if (live?.parameters.method !== 'hybrid') return null
  const model = live.parameters.layers.find((layer) => layer.name === name)?.model
  return model?.method === method ? modelOfLayer(model, live.features) : null
}

/** What was tried in each layer, in its name. */
export function nameCandidates(layers: readonly LayerToJoin[]): readonly ModelCandidate[] {
  return layers.flatMap(({ name, model }) =>
    (model?.candidates ?? []).map((candidate) => ({ ...candidate, method: `${name}: ${candidate.method}` })),
  )
}
