import { z } from 'zod'
import { clusterCount, margin, minimumShare, sampleRows, seed, starts } from '../fit-settings.ts'

export const mixedConfig = z
  .strictObject({
    method: z.literal('mixed').describe('k-prototypes: means of numbers and most frequent levels of categories.'),
    count: clusterCount
      .default({ from: 3, to: 8 })
      .describe('How many clusters: a number, or a range in which the best sampled silhouette decides.'),
    minimumShare,
    preferPrevious: z
      .strictObject({
        margin: margin.describe(
          'By how much the silhouette of another count has to be larger before it takes the place of the published one. 0: the best count wins each time.',
        ),
      })
      .prefault({})
      .describe('In a range, the count of the published segments is kept unless another is clearly better.'),
    gamma: z
      .number()
      .positive()
      .max(1_000)
      .optional()
      .describe(
        'What another level in a category adds to the squared distance, before the weight of the feature. Default: half of the mean deviation of the numeric features (Huang), 0.5 where they are standardised.',
      ),
    starts: starts.describe('Runs from different seeds; the one with the lowest cost is kept.'),
    sampleRows: sampleRows.describe('Customers that prototypes are fitted on; all are placed afterwards.'),
    seed: seed.describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers by numbers and categories together.')
