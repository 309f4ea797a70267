import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { ResegmentError } from '../../errors/resegment-error.ts'
import type { LayerConfig } from '../../stages/cluster/hybrid/config.ts'
import { publishedLayer } from '../../stages/cluster/hybrid/layer-models.ts'
import type { LayerModel } from '../../stages/cluster/model.ts'
import type { FittedTransforms } from '../../stages/features/transform.ts'
import type { ConfigOf, FitInput, MethodOf } from './method.ts'

/**
 * Fits a layer by its own method, on the customers of a relation.
 *
 * @throws what the method throws, in the layer's name
 */
export async function fitLayer(
  input: FitInput<ConfigOf<'hybrid'>>,
  layer: LayerConfig,
  rows: { readonly relation: string; readonly customerCount: number },
  methodOf: MethodOf,
): Promise<LayerModel> {
  const { name, when: _when, features: _features, ...config } = layer
  try {
    const features = featuresOf(layer, input.features)
    const model = await methodOf(config.method).fit({
      ...input,
      features,
      ...rows,
      config: config as never,
      live: publishedLayer(input.live, name, config.method),
    })
    return { ...model, features: model.features === input.features ? null : model.features }
  } catch (error) {
    throw ofLayer(error, name)
  }
}

/** Checks may have left out some that the layer names. @throws ConfigInvalid when none is left */
function featuresOf({ features: named }: LayerConfig, all: FittedTransforms): FittedTransforms {
  if (named === undefined) return all
  const features = all.features.filter(({ name }) => named.includes(name))
  if (features.length > 0) return { ...all, features }
  throw new ConfigInvalid(
    `Checks left out every feature of ${named.join(', ')}.`,
    'Name others under features of the layer, or change featureChecks; then rerun.',
  )
}

function ofLayer(error: unknown, name: string): unknown {
  if (!(error instanceof ResegmentError)) return error
  const Same = error.constructor as new (what: string, remedy: string, options: { cause: unknown }) => ResegmentError
  return new Same(`Layer ${name}: ${error.what}`, error.remedy, { cause: error })
}
