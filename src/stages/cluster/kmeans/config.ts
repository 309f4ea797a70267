import { z } from 'zod'
import { clusterCount, margin, minimumShare, sampleRows, seed, starts } from '../fit-settings.ts'
import { refuseConfig } from '../refuse-to-cluster.ts'

export const kmeansConfig = z
  .strictObject({
    method: z.literal('kmeans').default('kmeans').describe('k-means over the standardised features.'),
    count: clusterCount
      .default({ from: 3, to: 8 })
      .describe(
        'How many clusters: a number, or a range, of which stability and silhouette choose one; see the guide on choosing.',
      ),
    minimumShare,
    preferPrevious: z
      .strictObject({
        margin: margin.describe(
          'By how much silhouette, prediction strength or stability of another count have to be better before it takes the place of the published one. 0: the best count wins each time.',
        ),
      })
      .prefault({})
      .describe('In a range, the count of the published segments is kept unless another is clearly better.'),
    bootstraps: z
      .int()
      .min(0)
      .max(500)
      .optional()
      .describe(
        'Bootstrap samples that each count is clustered anew on, and four times the splits into halves, to see what is stable. Default: 40,000 ÷ customers of the sample (at most 5,000 are looked at), from 10 to 50. 0: stability is not computed.',
      ),
    refuse: refuseConfig.prefault({}),
    starts: starts.describe('Runs from different seeds; the one with the lowest inertia is kept.'),
    kernel: z
      .enum(['fast', 'reference'])
      .default('fast')
      .describe(
        'fast: WebAssembly SIMD on several threads; the chosen fit is refined on all customers (32 million values, then a sample). reference: the package ml-kmeans, on the sample only; slow, for comparison, and used by itself where WebAssembly has no SIMD.',
      ),
    sampleRows: sampleRows.describe('Customers that counts and starts are compared on; all are placed afterwards.'),
    seed: seed.describe('Same seed and rows, same clusters.'),
  })
  .describe('Groups of customers that are near one another.')

export type KMeansConfig = z.infer<typeof kmeansConfig>
