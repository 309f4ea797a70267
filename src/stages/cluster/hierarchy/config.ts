import { z } from 'zod'
import { sampleRows, seed, starts } from '../fit-settings.ts'

/** Groups of fewer customers are never formed: they could be told apart. */
export const SMALL_CELL = 5
const MOST_GROUPS = 1_000
const MOST_CUSTOMERS = 1_000_000

const level = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/)
      .max(40)
      .describe('Name of the level: `macro`, `micro`.'),
    count: z
      .int()
      .min(2)
      .max(MOST_GROUPS)
      .describe('At most so many groups; fewer where customers do not suffice for the minimum.'),
    minimumCustomers: z
      .int()
      .min(SMALL_CELL)
      .max(MOST_CUSTOMERS)
      .default(100)
      .describe(
        `Customers that a group has at least. Never less than ${SMALL_CELL}: smaller groups can be told apart.`,
      ),
    minimumShare: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe('Share of all customers that a group has at least; the larger of both minimums counts.'),
  })
  .describe('A level of the hierarchy.')

export const hierarchyConfig = z
  .strictObject({
    method: z
      .literal('hierarchy')
      .describe('Segments in levels: each group of a level is split into groups of the next.'),
    algorithm: z
      .enum(['ward', 'bisecting'])
      .default('ward')
      .describe(
        "ward: Ward's hierarchical clustering over the centres of many small k-means clusters, or over the customers themselves where they are few. bisecting: k-means with two clusters, again and again on the group with the largest inertia.",
      ),
    levels: z
      .array(level)
      .min(1)
      .max(4)
      .prefault([
        { name: 'macro', count: 5 },
        { name: 'micro', count: 20 },
      ])
      .describe(
        'From the coarsest to the finest. The finest are the segments; the others are published as further memberships.',
      ),
    starts: starts.describe('Runs of each k-means from different seeds; the one with the lowest inertia is kept.'),
    sampleRows: sampleRows.describe('Customers that the hierarchy is formed on; sizes are counted on all.'),
    seed: seed.describe('Same seed and rows, same segments.'),
  })
  .describe('Segments in levels, from macro to micro.')

export type HierarchyConfig = z.infer<typeof hierarchyConfig>
export type HierarchyLevel = HierarchyConfig['levels'][number]

/** Customers that a group of a level has at least. */
export function minimumOf({ minimumCustomers, minimumShare }: HierarchyLevel, customerCount: number): number {
  return Math.max(SMALL_CELL, minimumCustomers, Math.ceil(minimumShare * customerCount))
}
