import { z } from 'zod'
import { hierarchyConfig } from '../hierarchy/config.ts'
import { kmeansConfig } from '../kmeans/config.ts'
import { mixedConfig } from '../mixed/config.ts'
import { mixtureConfig } from '../mixture/config.ts'
import { predictiveConfig } from '../predictive/config.ts'
import { rfmConfig } from '../rfm/config.ts'
import { rulesConfig } from '../rules/config.ts'
import { tiersConfig } from '../tiers/config.ts'

/** What no layer may be called: names that tell memberships of other kinds. */
export const RESERVED_LAYERS: readonly string[] = ['cluster', 'override', 'minimumChange']

const ofLayer = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,39}$/)
    .describe('Name of the layer, published with every membership: `key-accounts`.'),
  when: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe(
      'Condition over features, as in `rules`: the layer takes only customers of whom it is true. Only with combine: precedence, and not for the last layer. Absent: a layer of rules takes those of whom a rule is true, another one everybody.',
    ),
  features: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Features of the pipeline by which the layer forms its groups; only for methods that do: kmeans, hierarchy, mixed, mixture. Default: all.',
    ),
}

const layer = z.discriminatedUnion('method', [
  kmeansConfig.extend(ofLayer),
  hierarchyConfig.extend(ofLayer),
  mixedConfig.extend(ofLayer),
  mixtureConfig.extend(ofLayer),
  predictiveConfig.extend(ofLayer),
  rfmConfig.extend(ofLayer),
  rulesConfig.extend(ofLayer),
  tiersConfig.extend(ofLayer),
])

export const hybridConfig = z
  .strictObject({
    method: z.literal('hybrid').describe('Several methods, layer by layer.'),
    layers: z
      .array(layer)
      .min(2)
      .max(8)
      .describe('In order. Each is a method with its own keys, beside `name` and `when`.'),
    combine: z
      .enum(['precedence', 'cross'])
      .default('precedence')
      .describe(
        '`precedence`: a customer belongs to the first layer that takes it, and the layer is fitted on its customers alone; the last one takes everybody left. `cross`: every layer groups everybody, and a segment is a combination of their groups.',
      ),
    minimumSize: z
      .number()
      .positive()
      .max(1_000_000_000)
      .optional()
      .describe(
        'Of `cross`: fewest customers of a combination that is a segment: a share of all customers below 1, a number of customers from 1 on. Default: 0.01.',
      ),
    pooled: z
      .enum(['neighbour', 'together'])
      .optional()
      .describe(
        'Of `cross`: where smaller combinations go. `neighbour`: to the combination that is most like them, with the same group of the first layer where there is one; `together`: all into one segment. Default: neighbour.',
      ),
    seed: z
      .int()
      .nonnegative()
      .max(2_147_483_647)
      .default(20_240_101)
      .describe('Has no effect: each layer has a seed of its own.'),
  })
  .describe('Hybrid: layers of methods.')

export type HybridConfig = z.infer<typeof hybridConfig>
export type LayerConfig = HybridConfig['layers'][number]
