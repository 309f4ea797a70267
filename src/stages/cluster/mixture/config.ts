import { z } from 'zod'

export const mixtureConfig = z
  .strictObject({
    method: z
      .literal('mixture')
      .describe('Gaussian mixture: each cluster has its own size and its own spread in every feature.'),
    count: z
      .union([
        z.int().min(2).max(50),
        z.strictObject({
          from: z.int().min(2).max(50).describe('Smallest count tried.'),
          to: z.int().min(2).max(50).describe('Largest count tried.'),
        }),
      ])
      .default({ from: 2, to: 8 })
      .describe(
        'How many clusters: a number, or a range in which the lowest Bayesian information criterion (BIC) decides.',
      ),
    starts: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe(
        'k-means runs from different seeds that the mixture starts from; after ten steps the most likely goes on.',
      ),
    varianceFloor: z
      .number()
      .min(1e-6)
      .max(0.5)
      .default(0.01)
      .describe(
        'Smallest variance of a feature within a cluster, as a share of its variance over all customers. Larger values keep clusters from forming around single values, such as one order.',
      ),
    sampleRows: z
      .int()
      .min(100)
      .max(200_000)
      .default(50_000)
      .describe('Customers that the mixture is fitted on; all are placed afterwards.'),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers that overlap, with probabilities.')

export type MixtureConfig = z.infer<typeof mixtureConfig>
