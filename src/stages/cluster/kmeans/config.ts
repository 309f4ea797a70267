import { z } from 'zod'

export const kmeansConfig = z
  .strictObject({
    method: z.literal('kmeans').default('kmeans').describe('k-means over the standardised features.'),
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
    starts: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Runs from different seeds; the one with the lowest inertia is kept.'),
    kernel: z
      .enum(['fast', 'reference'])
      .default('fast')
      .describe(
        'fast: WebAssembly SIMD on several threads; the chosen fit is refined on all customers (32 million values, then a sample). reference: the package ml-kmeans, on the sample only; slow, for comparison, and used by itself where WebAssembly has no SIMD.',
      ),
    sampleRows: z
      .int()
      .min(100)
      .max(200_000)
      .default(50_000)
      .describe('Customers that counts and starts are compared on; all are placed afterwards.'),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers that are near one another.')

export type KMeansConfig = z.infer<typeof kmeansConfig>
