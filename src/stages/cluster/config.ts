import { z } from 'zod'
import { hierarchyConfig } from './hierarchy/config.ts'
import { hybridConfig } from './hybrid/config.ts'
import { kmeansConfig } from './kmeans/config.ts'
import { mixedConfig } from './mixed/config.ts'
import { mixtureConfig } from './mixture/config.ts'
import { predictiveConfig } from './predictive/config.ts'
import { refitConfig } from './refit/config.ts'
import { rfmConfig } from './rfm/config.ts'
import { rulesConfig } from './rules/config.ts'
import { tiersConfig } from './tiers/config.ts'

/** Methods that place customers whether or not they form groups. */
const fallback = z
  .union([z.literal('refuse'), z.discriminatedUnion('method', [rfmConfig, rulesConfig, tiersConfig])])
  .default('refuse')
  .describe(
    'What groups the customers when this method is refused: refuse fails the run, a method takes over with a warning.',
  )

/** How customers are grouped; without a `method` it is k-means. */
export const clusterConfig = z
  .preprocess(
    withMethod,
    z.discriminatedUnion('method', [
      kmeansConfig.extend({ fallback, ...refitConfig }),
      hierarchyConfig.extend(refitConfig),
      mixedConfig.extend(refitConfig),
      mixtureConfig.extend(refitConfig),
      predictiveConfig.extend(refitConfig),
      rfmConfig.extend(refitConfig),
      rulesConfig.extend(refitConfig),
      tiersConfig.extend(refitConfig),
      hybridConfig.extend(refitConfig),
    ]),
  )
  .describe('How customers are grouped.')

export type ClusterConfig = z.infer<typeof clusterConfig>
export type MethodName = ClusterConfig['method']

type OfMethod<Config> = Config extends unknown ? Omit<Config, keyof typeof refitConfig> : never
/** What a method is told: it does not decide when it is fitted. */
export type MethodConfig = OfMethod<ClusterConfig>

function withMethod(written: unknown): unknown {
  const isMap = typeof written === 'object' && written !== null && !Array.isArray(written)
  return isMap && !('method' in written) ? { method: 'kmeans', ...written } : written
}
