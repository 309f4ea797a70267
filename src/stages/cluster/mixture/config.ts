import { z } from 'zod'
import { clusterCount, sampleRows, seed, starts } from '../fit-settings.ts'

export const mixtureConfig = z
  .strictObject({
    method: z
      .literal('mixture')
      .describe('Gaussian mixture: each cluster has its own size and its own spread in every feature.'),
    count: clusterCount
      .default({ from: 2, to: 8 })
      .describe(
        'How many clusters: a number, or a range in which the lowest Bayesian information criterion (BIC) decides.',
      ),
    preferPrevious: z
      .strictObject({
        margin: z
          .number()
          .min(0)
          .max(10)
          .default(0.02)
          .describe(
            'By how much the criterion, for each customer of the sample, has to be lower before another count takes the place of the published one. 0: the lowest wins each time.',
          ),
      })
      .prefault({})
      .describe('In a range, the count of the published segments is kept unless another is clearly better.'),
    starts: starts.describe(
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
    sampleRows: sampleRows.describe('Customers that the mixture is fitted on; all are placed afterwards.'),
    seed: seed.describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers that overlap, with probabilities.')

export type MixtureConfig = z.infer<typeof mixtureConfig>
