import { z } from 'zod'

/** The catalogue. Units: days, counts, money in the source's currency. */
export const featureNames = [
  'recency',
  'frequency',
  'monetary',
  'averageOrderValue',
  'gapMean',
  'gapDeviation',
  'tenure',
  'distinctProducts',
  'distinctCategories',
  'trend',
] as const

export type FeatureName = (typeof featureNames)[number]

export const featureSettings = z.strictObject({
  window: z
    .string()
    .regex(/^[1-9]\d* (days|weeks|months)$/)
    .optional()
    .describe('Only transactions of this long before the as-of: `12 months`. Default: all.'),
  transform: z
    .enum(['log1p', 'none'])
    .optional()
    .describe(
      "`log1p` takes log(1 + x), for skewed amounts and counts (sign kept below 0). Default: the feature's own, see the catalogue.",
    ),
  winsorise: z
    .strictObject({
      lower: z.number().min(0).max(0.5).describe('Lower quantile, 0 to 0.5.'),
      upper: z.number().min(0.5).max(1).describe('Upper quantile, 0.5 to 1.'),
    })
    .default({ lower: 0.005, upper: 0.995 })
    .describe('Values beyond these quantiles are set to them before clustering. Default: 0.005 and 0.995.'),
  weight: z.number().positive().max(100).default(1).describe('Multiplies the standardised feature. Default: 1.'),
})

export const featuresConfig = z
  .array(
    z.union([
      z.enum(featureNames).describe('A feature of the catalogue with its defaults.'),
      z
        .partialRecord(z.enum(featureNames), featureSettings)
        .describe('A feature with settings: `{ monetary: { window: 12 months, weight: 2 } }`.'),
    ]),
  )
  .min(1)
  .describe('What is known of each customer at the as-of.')

export type FeaturesConfig = z.infer<typeof featuresConfig>

/** One requested feature with every setting resolved. `name` is also its column. */
export interface FeatureSpec {
  readonly name: FeatureName
  readonly window: string | null
  readonly transform: 'log1p' | 'none'
  readonly winsorise: { readonly lower: number; readonly upper: number }
  readonly weight: number
}
