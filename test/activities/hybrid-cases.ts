import type { HybridParameters } from '../../src/stages/cluster/hybrid/parameters.ts'
import type { LayerModel } from '../../src/stages/cluster/model.ts'
import type { PublishedModel } from '../../src/stages/validate/published-model.ts'
import { threeGroups } from './three-groups.ts'
import type { Validated } from './validated-candidate.ts'

export const customers = threeGroups(100)
/** Of threeGroups(100): the rich spend 3,000 or more, the lapsed stay away 300 days or more, the small are the others. */
export const layers = [
  {
    name: 'key-accounts',
    method: 'rules',
    rules: [
      { name: 'Whales', when: 'monetary >= 3500' },
      { name: 'Nobody', when: 'monetary >= 1e9' },
    ],
  },
  { name: 'sleeping', method: 'tiers', when: 'recency >= 300', feature: 'monetary' },
  { name: 'rest', method: 'kmeans', count: 2 },
]
export const precedence = { method: 'hybrid', layers }
export const features = ['recency', 'frequency', 'monetary']
export const modelOf = ({ validation }: Validated): PublishedModel => validation.model as PublishedModel
export const parametersOf = (of: Validated) => modelOf(of).parameters as HybridParameters<LayerModel>
export const sizes = ({ validation }: Validated): Record<string, number> =>
  Object.fromEntries(validation.segments.map(({ ownKey, segmentKey, customers: n }) => [ownKey ?? segmentKey, n]))
