import { ConstantFeatures } from '../../../errors/constant-features.ts'
import { quantilesOfCounts } from '../../../stats/quantile-of-counts.ts'
import { runningSums } from '../../../stats/running-sums.ts'
import type { CutSide } from '../position-among.ts'
import { countsAbove } from '../value-counts.ts'
import type { ValueCounts } from '../value-counts.ts'
import { cutOf, noValue, tiersOf, valueUnknown } from './config.ts'
import type { NamedTier, TierCut, TiersConfig } from './config.ts'
import { drawCurve } from './value-curve.ts'
import type { ValueCurve } from './value-curve.ts'

/** Everything that placing in tiers needs. */
export interface TierParameters {
  readonly method: 'tiers'
  readonly feature: string
  /** As the pipeline asks for it. */
  readonly by: TierCut
  /** Ascending, one fewer than tiers. */
  readonly cuts: readonly number[]
  /** Whether a value that equals a cut is in the tier above it. */
  readonly side: CutSide
  /** Where cuts come from: the customers of this run, what was published, or the pipeline. */
  readonly cutsFrom: 'fitted' | 'anchored' | 'fixed'
  /** Best first. */
  readonly tiers: readonly NamedTier[]
  /** Tier of 0 and less; null: they are in those of the cuts. */
  readonly nonPositive: NamedTier | null
  /** Tier of missing values; null: they are in the lowest one. */
  readonly unknown: NamedTier | null
  /** Kinds of customers that fitting did not see and that therefore have no tier: outliers of the lowest one. */
  readonly flags: { readonly nonPositive: boolean; readonly unknown: boolean }
  /** Of those who have tiers by the cuts. */
  readonly curve: ValueCurve
}

/**
 * Cuts the values of all customers.
 *
 * - Quantiles (and shares of the customers) are quantiles of type 7; a value that equals one is below it, as in R's and pandas' cuts.
 * - Shares of the total: the best customers until they make the share, each with all who have the same value. Only what is above 0 counts.
 * - Bounds begin the tier above them.
 *
 * @param counts of all values that are known
 * @param missingCount customers without one
 * @throws ConstantFeatures when there is nothing to cut
 */
export function fitTiers(
  config: TiersConfig,
  counts: ValueCounts,
  missingCount: number,
  live: TierParameters | null,
): TierParameters {
  const { feature } = config
  const cut = cutOf(config)
  const isApart = config.nonPositive === 'apart'
  const cutCounts = isApart ? countsAbove(counts, 0) : counts
  const hasNonPositive = counts.values.length > 0 && counts.values[0]! <= 0
  const side: CutSide = 'bounds' in cut || 'ofTotal' in cut ? 'atLeast' : 'above'
  const tiers = tiersOf(config)
  // Cuts that were made in another way would mean something else.
  const isAlike = live?.feature === feature && JSON.stringify(live.by) === JSON.stringify(cut)
  const anchor = config.cuts === 'anchored' && isAlike ? live : null
  const cuts = 'bounds' in cut ? cut.bounds : (anchor?.cuts ?? cutValues(cut, cutCounts, feature))
  return {
    method: 'tiers',
    feature,
    by: cut,
    cuts,
    side,
    cutsFrom: 'bounds' in cut ? 'fixed' : anchor ? 'anchored' : 'fitted',
    tiers,
    nonPositive: isApart && hasNonPositive ? noValue : null,
    unknown: config.missing === 'apart' && missingCount > 0 ? valueUnknown : null,
    flags: { nonPositive: isApart && !hasNonPositive, unknown: config.missing === 'apart' && missingCount === 0 },
    curve: drawCurve(cutCounts),
  }
}

function cutValues(
  cut: Exclude<TierCut, { bounds: readonly number[] }>,
  counts: ValueCounts,
  feature: string,
): readonly number[] {
  if (counts.values.length < 2)
    throw new ConstantFeatures(
      counts.values.length === 0
        ? `No customer has a value of ${feature} to be put into tiers by.`
        : `All customers with a value of ${feature} have the same, ${counts.values[0]}: there is nothing to tell them apart by.`,
      `Check feature ${feature} and the mapped columns behind it, or set cluster.by to bounds of your own; then rerun.`,
    )
  if ('ofTotal' in cut) return totalCuts(cut.ofTotal, counts, feature)
  const shares =
    'quantiles' in cut
      ? Array.from({ length: cut.quantiles - 1 }, (_, i) => (i + 1) / cut.quantiles)
      : sharesBelow(cut.ofCustomers)
  return quantilesOfCounts(counts.values, counts.customers, shares)
}

/** Shares of the customers below each cut, ascending, of shares best first. */
function sharesBelow(shares: readonly number[]): readonly number[] {
  // What adding decimal fractions loses would move a quantile that falls on a customer.
  const rounded = (share: number): number => Math.round(share * 1e12) / 1e12
  return reached(shares)
    .map((above) => rounded(1 - above))
    .toReversed()
}

/** Shares added up, without the last, which makes 1. */
function reached(shares: readonly number[]): readonly number[] {
  let sum = 0
  return shares.slice(0, -1).map((share) => (sum += share))
}

/** Relative rounding of a target: a total that is reached exactly counts as reached. */
const TOLERANCE = 1e-12

function totalCuts(shares: readonly number[], counts: ValueCounts, feature: string): readonly number[] {
  const { values, customers } = countsAbove(counts, 0)
  if (values.length === 0)
    throw new ConstantFeatures(
      `No customer has a ${feature} above 0: there is no total to share out.`,
      `Check feature ${feature} and the mapped columns behind it, or cut by quantiles or bounds; then rerun.`,
    )
  const last = values.length - 1
  const amounts = new Float64Array(values.length)
  for (let i = 0; i <= last; i++) amounts[i] = values[last - i]! * customers[last - i]!
  const sums = runningSums(amounts)
  const total = sums.at(-1)!
  let at = 0
  const bounds = reached(shares).map((share) => {
    const target = share * total * (1 - TOLERANCE)
    while (at < last && sums[at]! < target) at += 1
    return values[last - at]!
  })
  return bounds.toReversed()
}
