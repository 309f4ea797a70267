import { z } from 'zod'
import { OWN_KEY, ownKeyOf } from '../own-key.ts'
import { CELL_FORM, usualGroups } from './groups.ts'
import type { RfmGroup } from './groups.ts'

const dimension = (name: string, order: string) =>
  z
    .union([
      z.string().min(1).describe('Name of the feature.'),
      z.strictObject({
        feature: z.string().min(1).default(name).describe(`Name of the feature. Default: ${name}.`),
        cuts: z
          .array(z.number())
          .min(1)
          .max(19)
          .optional()
          .describe('Fixed cut points, ascending, one fewer than scores. Default: quantiles of all customers.'),
        weight: z.number().min(0).max(100).default(1).describe('Weight in the combined score.'),
      }),
    ])
    .default(name)
    .describe(`Feature that is scored, ${order}. Default: ${name}.`)

export const rfmConfig = z
  .strictObject({
    method: z.literal('rfm').describe('Scores of recency, frequency and monetary value, and the usual named groups.'),
    recency: dimension('recency', 'fewest days best'),
    frequency: dimension('frequency', 'most best'),
    monetary: dimension('monetary', 'most best'),
    scores: z.int().min(2).max(20).default(5).describe('How many scores: 5 gives 1 (worst) to 5 (best), by quintiles.'),
    cuts: z
      .enum(['refit', 'anchored'])
      .default('refit')
      .describe(
        '`refit`: cut points from the customers of this run; `anchored`: those of what is published, so that a score means the same in every run.',
      ),
    missing: z
      .enum(['apart', 'lowest'])
      .default('apart')
      .describe(
        'Customers without one of the three values, such as those who never bought: a group of their own, `Not scored`, or score 1.',
      ),
    groups: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(80).describe('Name of the segment: `Champions`.'),
          key: z
            .string()
            .regex(OWN_KEY)
            .optional()
            .describe(
              'What the segment is known by for ever, so that it may be renamed. Default: the name in lower case.',
            ),
          cells: z
            .array(z.string().regex(CELL_FORM))
            .min(1)
            .max(50)
            .describe('Scores that belong to it, `R` recency, `FM` frequency and monetary: `R5 FM4-5`.'),
        }),
      )
      .min(2)
      .max(50)
      .optional()
      .describe('Groups that share out all cells, each in exactly one. Default: the eleven usual ones, see the guide.'),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Has no effect: scores draw nothing.'),
  })
  .describe('RFM: recency, frequency and monetary value.')

export type RfmConfig = z.infer<typeof rfmConfig>

export const rfmDimensions = ['recency', 'frequency', 'monetary'] as const
export type RfmDimension = (typeof rfmDimensions)[number]

export interface DimensionSettings {
  readonly feature: string
  readonly cuts: readonly number[] | null
  readonly weight: number
}

/** The settings of a dimension, however short they were written. */
export function dimensionOf(config: RfmConfig, dimension: RfmDimension): DimensionSettings {
  const given = config[dimension]
  return typeof given === 'string'
    ? { feature: given, cuts: null, weight: 1 }
    : { feature: given.feature, cuts: given.cuts ?? null, weight: given.weight }
}

/** The groups, with their keys: those of the pipeline, or the usual ones. */
export function groupsOf({ groups, scores }: Pick<RfmConfig, 'groups' | 'scores'>): readonly RfmGroup[] {
  if (!groups) return usualGroups(scores)
  return groups.map(({ key, name, cells }) => ({ key: key ?? ownKeyOf(name), name, cells }))
}
