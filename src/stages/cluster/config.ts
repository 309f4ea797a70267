import { z } from 'zod'
import { kmeansConfig } from './kmeans/config.ts'
import { predictiveConfig } from './predictive/config.ts'
import { rfmConfig } from './rfm/config.ts'
import { rulesConfig } from './rules/config.ts'
import { tiersConfig } from './tiers/config.ts'

/** How customers are grouped; without a `method` it is k-means. */
export const clusterConfig = z
  .preprocess(
    withMethod,
    z.discriminatedUnion('method', [kmeansConfig, predictiveConfig, rfmConfig, rulesConfig, tiersConfig]),
  )
  .describe('How customers are grouped.')

export type ClusterConfig = z.infer<typeof clusterConfig>
export type MethodName = ClusterConfig['method']

function withMethod(written: unknown): unknown {
  const isMap = typeof written === 'object' && written !== null && !Array.isArray(written)
  return isMap && !('method' in written) ? { method: 'kmeans', ...written } : written
}
