import { z } from 'zod'

export const mixedConfig = z
  .strictObject({
    method: z.literal('mixed').describe('k-prototypes: means of numbers and most frequent levels of categories.'),
    count: z
      .union([
        z.int().min(2).max(50),
        z.strictObject({
          from: z.int().min(2).max(50).describe('Smallest count tried.'),
          to: z.int().min(2).max(50).describe('Largest count tried.'),
        }),
      ])
      .default({ from: 3, to: 8 })
      .describe('How many clusters: a number, or a range in which the best sampled silhouette decides.'),
    gamma: z
      .number()
      .positive()
      .max(1_000)
      .optional()
      .describe(
        'What another level in a category adds to the squared distance, before the weight of the feature. Default: half of the mean deviation of the numeric features (Huang), 0.5 where they are standardised.',
      ),
    starts: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Runs from different seeds; the one with the lowest cost is kept.'),
    sampleRows: z
      .int()
      .min(100)
      .max(200_000)
      .default(50_000)
      .describe('Customers that prototypes are fitted on; all are placed afterwards.'),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers by numbers and categories together.')
