import { resolveFeatures } from '../stages/features/resolve-features.ts'
import { digestOf } from './digest.ts'
import type { Pipeline } from './pipeline.ts'

const DIGEST_CHARACTERS = 16

/** Key of a definition → digest of its value: everything that a fit obeys. Two definitions with the same settings fit alike. */
export type FitSettings = Readonly<Record<string, string>>

/** The settings of a pipeline; the order of its features and when it refits are none. */
export function fitSettingsOf({ features, featureChecks, cluster }: Pipeline): FitSettings {
  const { refit: _refit, drift: _drift, ...method } = cluster
  const values: readonly (readonly [string, unknown])[] = [
    ...resolveFeatures(features).map((spec) => [`feature ${spec.column}`, spec] as const),
    ['featureChecks', featureChecks],
    ...Object.entries(method).map(([key, value]) => [`cluster.${key}`, value] as const),
  ]
  return Object.fromEntries(values.map(([key, value]) => [key, digestOf(value ?? null).slice(0, DIGEST_CHARACTERS)]))
}
