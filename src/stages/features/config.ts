import { z } from 'zod'
import { featureNames } from './catalogue.ts'
import { featureRelations, featureTypes, featureUnits, transforms } from './catalogue/entry.ts'
import type { FeatureRelation, FeatureType, FeatureUnit, Transform } from './catalogue/entry.ts'
import { ownSettings } from './catalogue/own-settings.ts'

/** Name of an instance: a column of the artifact. */
export const INSTANCE_NAME = /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/

const general = {
  window: z
    .string()
    .regex(/^[1-9]\d* (days|weeks|months)$/)
    .optional()
    .describe('Only rows of this long before the as-of: `12 months`. Default: all.'),
  as: z
    .string()
    .regex(INSTANCE_NAME)
    .max(60)
    .optional()
    .describe(
      'Name of the column. Default: the feature, with its window (`monetary_3_months`) or cutoff (`repeatPurchases_before_90_days`) where it is asked for more than once.',
    ),
  transform: z
    .enum(transforms)
    .optional()
    .describe(
      "How values become coordinates. `log1p`: log(1 + x), sign kept below 0; `yeoJohnson`: the power that is closest to a normal distribution; `oneHot` for categories; `centredLogRatio` for compositions. Default: the feature's own, see the catalogue.",
    ),
  winsorise: z
    .strictObject({
      lower: z.number().min(0).max(0.5).describe('Lower quantile, 0 to 0.5.'),
      upper: z.number().min(0.5).max(1).describe('Upper quantile, 0.5 to 1.'),
    })
    .optional()
    .describe(
      'Values beyond these quantiles are set to them before clustering. Default: 0.005 and 0.995; none for ordinal and boolean features.',
    ),
  scale: z
    .enum(['standard', 'robust', 'none'])
    .optional()
    .describe(
      '`standard`: minus the mean, by the deviation; `robust`: minus the median, by the quartile range ÷ 1.349. Default: standard.',
    ),
  weight: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('Multiplies the scaled feature; one with several columns counts as one feature. Default: 1.'),
  impute: z
    .union([
      z.enum(['median', 'mean', 'zero']).describe('A figure of the values that are there, or 0.'),
      z.number().describe('This value.'),
    ])
    .optional()
    .describe('What stands in for a missing value. Default: median.'),
  flagMissing: z
    .boolean()
    .optional()
    .describe('Adds whether the value was missing as a coordinate of its own; both share the weight. Default: false.'),
  levels: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .optional()
    .describe('Levels of a category or composition, pinned; all others are `other`. Default: the most frequent.'),
  maxLevels: z.int().min(1).max(100).optional().describe('At most so many levels; the rest is `other`. Default: 12.'),
  minShare: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('A level with a smaller share is pooled into `other`. Default: 0.01.'),
  prior: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('Added to every share before the centred log ratio, which has no value at 0. Default: 0.01.'),
}

const ofSql = {
  sql: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Makes a feature of your own: an aggregate in DuckDB's SQL over the rows of `of`, one group a customer, such as `max(points)`.",
    ),
  of: z
    .enum(featureRelations)
    .optional()
    .describe('Rows that `sql` aggregates: a role, or orders, purchases, lines, sessions. Default: lines.'),
  unit: z.enum(featureUnits).optional().describe('Unit of `sql`. Default: count; text for a category.'),
  type: z.enum(featureTypes).exclude(['composition']).optional().describe('Type of `sql`. Default: numeric.'),
}

const own = Object.fromEntries(
  Object.entries(ownSettings).map(([key, schema]): [string, z.ZodType] => {
    // Which features know a key, and its default, is the entry's matter.
    const bare: z.ZodType = schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema
    return [key, bare.optional().describe(schema.description ?? '')]
  }),
)

export type GeneralSettings = z.infer<z.ZodObject<typeof general>>
export type SqlSettings = z.infer<z.ZodObject<typeof ofSql>>
export type FeatureSettings = GeneralSettings & SqlSettings & Readonly<Record<string, unknown>>

export const featureSettings = z
  .strictObject({ ...general, ...ofSql, ...own })
  .describe('Settings of a feature.') as unknown as z.ZodType<FeatureSettings>

export const featuresConfig = z
  .array(
    z.union([
      z.enum(featureNames).describe('A feature of the catalogue with its defaults.'),
      z
        .record(
          z.string().regex(INSTANCE_NAME),
          z.union([
            featureSettings,
            z.array(featureSettings).min(1).describe('The feature several times, over several windows.'),
          ]),
        )
        .describe(
          'A feature with settings: `{ monetary: { window: 12 months, weight: 2 } }`. A name that is not in the catalogue brings `sql`.',
        ),
    ]),
  )
  .min(1)
  .describe('What is known of each customer at the as-of: features of the catalogue, see `resegment features`.')

export type FeaturesConfig = z.infer<typeof featuresConfig>

/** Keys of settings that every feature of the catalogue may have; which of them have an effect depends on its type. */
export const generalKeys: readonly string[] = Object.keys(general)
export const sqlKeys: readonly string[] = Object.keys(ofSql)

const reaction = (fallback: 'warn' | 'drop' | 'fail', what: string) =>
  z
    .enum(['warn', 'drop', 'fail'])
    .default(fallback)
    .describe(`\`warn\` says so in the run, \`drop\` leaves ${what} out of the clustering. Default: ${fallback}.`)

export const featureChecksConfig = z
  .strictObject({
    constant: z
      .strictObject({ do: reaction('warn', 'the feature') })
      .prefault({})
      .describe('A feature that is the same for all customers.'),
    nearDuplicates: z
      .strictObject({
        above: z.number().min(0.5).max(1).default(0.95).describe('Absolute correlation of the transformed features.'),
        do: reaction('warn', 'the one listed later'),
      })
      .prefault({})
      .describe('Two features that say the same: together they count double.'),
  })
  .describe('What happens when features say nothing, or the same.')

export type FeatureChecksConfig = z.infer<typeof featureChecksConfig>

export interface PooledLevels {
  readonly pinned: readonly string[] | null
  readonly maxLevels: number
  readonly minShare: number
}

/** One requested feature with every setting resolved. */
export interface FeatureSpec {
  /** Name of the instance, and of its column. */
  readonly column: string
  /** Name in the catalogue; for one of `sql` the same as the column. */
  readonly feature: string
  readonly type: FeatureType
  readonly unit: FeatureUnit
  readonly window: string | null
  readonly transform: Transform
  readonly winsorise: { readonly lower: number; readonly upper: number }
  readonly scale: 'standard' | 'robust' | 'none'
  readonly weight: number
  readonly impute: 'median' | 'mean' | 'zero' | number
  readonly flagMissing: boolean
  readonly levels: PooledLevels
  readonly prior: number
  /** Of the entry itself. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly sql: { readonly expression: string; readonly of: FeatureRelation } | null
}
