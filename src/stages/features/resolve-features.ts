import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { catalogue } from './catalogue.ts'
import { featureSettings } from './config.ts'
import type { FeatureName, FeaturesConfig, FeatureSpec } from './config.ts'

/**
 * The requested features in order, with every setting resolved.
 *
 * @param mappedColumns columns that the source of transactions maps; absent: not checked
 * @throws ConfigInvalid for a feature named twice, one whose column is not mapped, or a window where the feature has its own
 */
export function resolveFeatures(config: FeaturesConfig, mappedColumns?: readonly string[]): readonly FeatureSpec[] {
  const specs = config.map(resolveFeature)
  const names = specs.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice)
    throw new ConfigInvalid(`Feature ${twice} is listed twice under features.`, 'Remove one of the two entries.')
  for (const spec of specs) {
    const { needs, window } = catalogue[spec.name]
    if (mappedColumns && needs && !mappedColumns.includes(needs))
      throw new ConfigInvalid(
        `Feature ${spec.name} needs column ${needs}, but the source of transactions maps ${mappedColumns.join(', ')}.`,
        `Map ${needs} under columns of the source, or remove ${spec.name} from features.`,
      )
    if (window === 'fixed' && spec.window !== null)
      throw new ConfigInvalid(
        `Feature ${spec.name} has its own time span, but features gives it the window ${spec.window}.`,
        `Remove window from ${spec.name}.`,
      )
  }
  return specs
}

function resolveFeature(entry: FeaturesConfig[number]): FeatureSpec {
  if (typeof entry === 'string') return specOf(entry, featureSettings.parse({}))
  const named = Object.entries(entry)
  if (named.length !== 1)
    throw new ConfigInvalid(
      `An entry of features names ${named.length === 0 ? 'no feature' : named.map(([name]) => name).join(' and ')}.`,
      'Write one feature an entry: `- { monetary: { window: 12 months } }`.',
    )
  const [name, settings] = named[0]!
  return specOf(name as FeatureName, settings)
}

function specOf(
  name: FeatureName,
  settings: Readonly<Omit<FeatureSpec, 'name' | 'window' | 'transform'>> & {
    readonly window?: string
    readonly transform?: FeatureSpec['transform']
  },
): FeatureSpec {
  return {
    name,
    window: settings.window ?? null,
    transform: settings.transform ?? catalogue[name].transform,
    winsorise: settings.winsorise,
    weight: settings.weight,
  }
}
