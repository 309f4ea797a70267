import { z } from 'zod'

const instance = (name: string, what: string) =>
  z.string().min(1).max(60).default(name).describe(`Name of the feature with ${what}. Default: ${name}.`)

/** What customers are grouped by; a segment is one band of each. */
export const predictiveAxes = ['risk', 'value', 'growth'] as const
export type PredictiveAxis = (typeof predictiveAxes)[number]

export const predictiveConfig = z
  .strictObject({
    method: z
      .literal('predictive')
      .describe('Forecasts of purchases and spend of each customer, banded by churn risk, lifetime value and growth.'),
    model: z
      .enum(['bgNbd', 'mbgNbd'])
      .default('bgNbd')
      .describe(
        '`bgNbd`: customers may be lost after a repeat purchase (Fader, Hardie & Lee 2005), so that one-time buyers always count as alive. `mbgNbd`: after the first one too (Batislam et al. 2007).',
      ),
    horizon: z
      .string()
      .regex(/^[1-9]\d* (days|weeks)$/)
      .default('90 days')
      .describe('How far purchases and spend are forecast: `90 days`, `13 weeks`. Default: 90 days.'),
    lifetime: z
      .string()
      .regex(/^[1-9]\d* (days|weeks|months|years)$/)
      .default('3 years')
      .describe('How far lifetime value looks; a year has 365 days, a month 365 ÷ 12. Default: 3 years.'),
    discount: z
      .number()
      .min(0)
      .max(10)
      .default(0.1)
      .describe('What money loses in a year: 0.1 values 110 in a year as 100 today. Default: 0.1.'),
    by: z
      .array(z.enum(predictiveAxes))
      .min(1)
      .max(3)
      .default(['risk', 'value'])
      .describe('What segments are formed of: each combination of the bands is one. Default: [risk, value].'),
    bands: z
      .strictObject({
        risk: z
          .strictObject({
            atRisk: z.number().gt(0).lt(1).default(0.3).describe('Churn risk from which a customer is at risk.'),
            lost: z.number().gt(0).lt(1).default(0.7).describe('Churn risk from which a customer counts as lost.'),
          })
          .prefault({})
          .describe('Bands of churn risk, which is 1 − P(alive).'),
        value: z
          .strictObject({
            high: z.number().gt(0).lt(1).default(0.2).describe('Share of customers with the highest lifetime value.'),
            medium: z
              .number()
              .gt(0)
              .lt(1)
              .default(0.5)
              .describe('Share of customers with high or medium lifetime value.'),
            cuts: z
              .enum(['refitted', 'anchored'])
              .default('refitted')
              .describe(
                '`refitted`: the amounts where bands begin follow the shares in every run. `anchored`: those of the published model stay, so that nobody moves because others changed, as long as shares, lifetime and discount are the same.',
              ),
          })
          .prefault({})
          .describe('Bands of lifetime value. The amounts where they begin are kept with the model.'),
        growth: z
          .strictObject({
            growing: z.number().positive().default(0.5).describe('More purchases from which a customer grows.'),
            declining: z.number().positive().default(0.5).describe('Fewer purchases from which a customer declines.'),
          })
          .prefault({})
          .describe('Bands of growth: expected purchases of the horizon minus those of the last time span as long.'),
      })
      .prefault({})
      .describe('Where bands begin.'),
    inputs: z
      .strictObject({
        repeatPurchases: instance('repeatPurchases', 'purchase days after the first'),
        purchaseAge: instance('purchaseAge', 'days from the first purchase to the last'),
        observedAge: instance('observedAge', 'days from the first purchase to the as-of'),
        meanRepeatSpend: instance('meanRepeatSpend', 'the mean spend of repeat purchases'),
        recentPurchases: instance(
          'purchaseDays',
          'purchase days in a window as long as the horizon; growth and the back-test need it',
        ),
        recentSpend: instance(
          'purchaseSpend',
          'spend in a window as long as the horizon; the back-test of spend needs it',
        ),
      })
      .prefault({})
      .describe(
        'Features that the models read. A back-test also reads the first four with a cutoff as long as the horizon: `repeatPurchases_before_90_days` and so on.',
      ),
    backTest: z
      .enum(['whenPossible', 'required', 'off'])
      .default('whenPossible')
      .describe(
        'Fits the models once more to what was known a horizon before the as-of, and compares its forecast with what happened since. `required`: the features for it must be there.',
      ),
    leastRepeatBuyers: z
      .int()
      .min(2)
      .max(1_000_000)
      .default(50)
      .describe('With fewer customers who came back, nothing is fitted. Default: 50.'),
    fallback: z
      .enum(['ownGap', 'fail'])
      .default('ownGap')
      .describe(
        'When the likelihood has no maximum, or there are too few repeat buyers. `ownGap`: forecasts from the wait since the last purchase against the own gap between purchases, and the model says so; `fail`: the run fails.',
      ),
    sampleRows: z
      .int()
      .min(1_000)
      .max(2_000_000)
      .default(500_000)
      .describe('Customers that are fitted and tested on; all are forecast. Default: 500000.'),
    seed: z
      .int()
      .nonnegative()
      .max(2_147_483_647)
      .default(20_240_101)
      .describe('Nothing is drawn by chance here: kept so that every method has it.'),
  })
  .describe('BG/NBD and gamma-gamma models of repeat buying and spend.')

export type PredictiveConfig = z.infer<typeof predictiveConfig>

export type PredictiveInputs = Readonly<Record<keyof PredictiveConfig['inputs'], string>>

/** Name of a feature as it was a horizon before the as-of. */
export function beforeHorizon(name: string, horizon: string): string {
  return `${name}_before_${horizon.replace(' ', '_')}`
}
