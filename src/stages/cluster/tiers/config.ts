import { z } from 'zod'
import { OWN_KEY, ownKeyOf } from '../own-key.ts'

const share = z.number().gt(0).lt(1)
const shares = z.array(share).min(2).max(50)

/** The ways that have a name. */
const named = {
  quartiles: { quantiles: 4 },
  quintiles: { quantiles: 5 },
  deciles: { quantiles: 10 },
  pareto: { ofTotal: [0.8, 0.2] },
  abc: { ofTotal: [0.8, 0.15, 0.05] },
} as const
type NamedCut = keyof typeof named

export const tiersConfig = z
  .strictObject({
    method: z.literal('tiers').describe('Tiers of one feature: value, potential, lifetime value, profitability.'),
    feature: z.string().min(1).describe('Name of the feature; most is best.'),
    by: z
      .union([
        z
          .enum(Object.keys(named) as [NamedCut, ...NamedCut[]])
          .describe(
            '`quartiles`, `quintiles`, `deciles`: as many customers in each; `pareto`: the best customers who make 80 % of the total, and the rest; `abc`: those who make 80 %, the next 15 %, the last 5 %.',
          ),
        z.strictObject({
          quantiles: z.int().min(2).max(100).describe('So many tiers with as many customers in each.'),
        }),
        z.strictObject({
          ofCustomers: shares.describe('Shares of the customers, best first, together 1: `[0.01, 0.04, 0.15, 0.8]`.'),
        }),
        z.strictObject({
          ofTotal: shares.describe('Shares of the total of the feature, best first, together 1: `[0.5, 0.3, 0.2]`.'),
        }),
        z.strictObject({
          bounds: z
            .array(z.number())
            .min(1)
            .max(49)
            .describe('Values where a better tier begins, rising: `[100, 1000]` makes three tiers.'),
        }),
      ])
      .default('deciles')
      .describe('Where tiers are cut. Customers with equal values are always in the same tier.'),
    tiers: z
      .array(
        z.union([
          z.string().trim().min(1).max(80),
          z.strictObject({ name: z.string().trim().min(1).max(80), key: z.string().regex(OWN_KEY) }),
        ]),
      )
      .min(2)
      .max(100)
      .optional()
      .describe(
        'Names, best first, or `{ key, name }`. Default: `Decile 1 (highest)` …, `A`, `B`, `C`, `Tier 1 (highest)` ….',
      ),
    cuts: z
      .enum(['refit', 'anchored'])
      .default('refit')
      .describe(
        '`refit`: bounds from the customers of this run; `anchored`: those of what is published, so that a tier means the same in every run.',
      ),
    nonPositive: z
      .enum(['lowest', 'apart'])
      .default('lowest')
      .describe(
        'Customers with 0 or less. `lowest`: values like any other, which add nothing to a total; `apart`: a tier of their own, `No value`, that quantiles do not count.',
      ),
    missing: z
      .enum(['apart', 'lowest'])
      .default('apart')
      .describe(
        'Customers without a value: a tier of their own, `Value unknown`, or the lowest one. No bound counts them.',
      ),
    seed: z.int().nonnegative().max(2_147_483_647).default(20_240_101).describe('Has no effect: tiers draw nothing.'),
  })
  .describe('Tiers by value.')

export type TiersConfig = z.infer<typeof tiersConfig>

export type TierCut =
  | { readonly quantiles: number }
  | { readonly ofCustomers: readonly number[] }
  | { readonly ofTotal: readonly number[] }
  | { readonly bounds: readonly number[] }

export function cutOf({ by }: Pick<TiersConfig, 'by'>): TierCut {
  return typeof by === 'string' ? named[by] : by
}

export function tierCount(cut: TierCut): number {
  if ('quantiles' in cut) return cut.quantiles
  if ('bounds' in cut) return cut.bounds.length + 1
  return 'ofCustomers' in cut ? cut.ofCustomers.length : cut.ofTotal.length
}

export interface NamedTier {
  readonly key: string
  readonly name: string
}

/** Those of the pipeline, or by the kind of cut; best first. */
export function tiersOf({ by, tiers }: Pick<TiersConfig, 'by' | 'tiers'>): readonly NamedTier[] {
  if (tiers) return tiers.map((tier) => (typeof tier === 'string' ? { key: ownKeyOf(tier), name: tier } : tier))
  if (by === 'abc') return ['A', 'B', 'C'].map((name) => ({ key: name.toLowerCase(), name }))
  if (by === 'pareto') return ['Vital few', 'Useful many'].map((name) => ({ key: ownKeyOf(name), name }))
  const word = wordOf(by)
  const count = tierCount(cutOf({ by }))
  return Array.from({ length: count }, (_, index) => {
    const which = index === 0 ? ' (highest)' : index === count - 1 ? ' (lowest)' : ''
    return { key: `${word.toLowerCase()}_${index + 1}`, name: `${word} ${index + 1}${which}` }
  })
}

function wordOf(by: TiersConfig['by']): string {
  if (by === 'quartiles') return 'Quartile'
  if (by === 'quintiles') return 'Quintile'
  return by === 'deciles' ? 'Decile' : 'Tier'
}

/** Tiers beside those of the cuts. */
export const noValue: NamedTier = { key: 'no_value', name: 'No value' }
export const valueUnknown: NamedTier = { key: 'value_unknown', name: 'Value unknown' }
