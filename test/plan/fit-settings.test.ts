import { expect, it } from 'vitest'
import { fitSettingsOf } from '../../src/plan/fit-settings.ts'
import { clusterConfig } from '../../src/stages/cluster/config.ts'
import { featureChecksConfig, featuresConfig } from '../../src/stages/features/config.ts'

const settingsOf = (features: unknown, cluster: unknown) =>
  fitSettingsOf({
    features: featuresConfig.parse(features),
    featureChecks: featureChecksConfig.parse({}),
    cluster: clusterConfig.parse(cluster),
  } as never)

it('the settings of a fit are those of features and method, not their order or when it refits', () => {
  const settings = settingsOf(['recency', { monetary: { weight: 2 } }], { count: 4 })
  expect(settingsOf([{ monetary: { weight: 2 } }, 'recency'], { count: 4, refit: 'onDrift' })).toEqual(settings)
  const differing = (other: typeof settings) => Object.keys(other).filter((key) => other[key] !== settings[key])
  expect(differing(settingsOf(['recency', 'monetary'], { count: 4 }))).toEqual(['feature monetary'])
  expect(differing(settingsOf(['recency', { monetary: { weight: 2 } }], { count: 5 }))).toEqual(['cluster.count'])
})
