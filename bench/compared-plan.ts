import type { RunPlan } from '../src/plan/run-plan.ts'
import { clusterConfig } from '../src/stages/cluster/config.ts'
import { featureChecksConfig, featuresConfig } from '../src/stages/features/config.ts'
import { resolveFeatures } from '../src/stages/features/resolve-features.ts'
import { validateConfig } from '../src/stages/validate/config.ts'

export const SEGMENTS = 8
const FEATURES = 16

const features = featuresConfig.parse(
  Array.from({ length: FEATURES }, (_, i) => ({ sum: { sql: 'sum(amount)', as: `f${i}` } })),
)
export const comparedSpecs = resolveFeatures(features)

/** A run of one of the two quarters. */
export function comparedPlan(asOf: string, revision: number): RunPlan {
  return {
    ...{ kind: 'refit', pipeline: 'shop', runKey: `shop@${asOf}`, revision, options: {}, live: null, period: asOf },
    asOf: `${asOf}T00:00:00Z`,
    definition: {
      target: { prefix: 'bench/' },
      sources: { orders: { currency: 'EUR' } },
      pipeline: {
        ...{ extract: { transactions: 'orders' }, features, featureChecks: featureChecksConfig.parse({}) },
        cluster: clusterConfig.parse({ count: SEGMENTS, starts: 2 }),
        ...{ validate: validateConfig.parse({}), publish: { holdoutShare: 0 }, segments: {} },
      },
    },
  } as unknown as RunPlan
}
