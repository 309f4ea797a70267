import { z } from 'zod'

/** Settings that the methods which fit to samples share; each method says what they are to it. */

export const clusterCount = z.union([
  z.int().min(2).max(50),
  z.strictObject({
    from: z.int().min(2).max(50).describe('Smallest count tried.'),
    to: z.int().min(2).max(50).describe('Largest count tried.'),
  }),
])

export const minimumShare = z
  .number()
  .min(0)
  .max(0.5)
  .default(0.01)
  .describe('Share of the customers that the smallest cluster should have: in a range, counts that miss it come last.')

export const margin = z.number().min(0).max(1).default(0.1)

export const starts = z.int().min(1).max(100).default(5)

export const sampleRows = z.int().min(100).max(200_000).default(50_000)

export const seed = z.int().nonnegative().max(2_147_483_647).default(20_240_101)
