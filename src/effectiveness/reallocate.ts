import { normalQuantile } from '../stats/normal.ts'
import type { Interval } from '../stats/compare-shares.ts'
import type { Grouping } from './explained.ts'

/** What was spent on reaching customers, and what came of them. All of shape (customers). */
export interface ReachedCustomers {
  readonly segments: Grouping
  readonly contactCost: Float64Array
  /** Margin, or revenue where no cost of goods is known. */
  readonly earned: Float64Array
  /** 1 for those who ordered, else 0. */
  readonly ordered: Int32Array
}

/** Shares are of all segments together, 0 to 1; that of what was earned is below 0 for a segment that lost money. */
export interface SegmentMoney {
  /** Number of the segment. */
  readonly segment: number
  readonly customers: number
  readonly contactCost: number
  readonly costShare: number
  readonly orderedShare: number
  readonly earnedShare: number
  /** Share of what was earned less share of what was spent: above 0 it earns more than its share of the money. */
  readonly gap: number
  /** Of the gap: those of all segments hold together with 95 %. */
  readonly interval: Interval
  /** By how much its share of the contact spend is proposed to change; null: not known, since the interval reaches 0 or there is nowhere to take it from. */
  readonly shift: number | null
}

const CONFIDENCE = 0.95
/** Of fewer customers nothing is said. They count nowhere, so that they cannot be told from the others. */
const LEAST_CUSTOMERS = 5

/**
 * Where the money goes: shares of contact spend against shares of customers who ordered and of what was earned, by segment; and a reallocation from
 * segments that surely earn less than their share of it to those that surely earn more, as far as both sides allow.
 *
 * Intervals by the delta method for a difference of two ratios of sums over the same customers (linearised; Casella & Berger 2002, 5.5.4), with
 * Bonferroni's correction for the number of segments. What was earned on average is not what the next unit of money would earn.
 *
 * @returns null where nothing was spent or nothing was earned, or there are fewer than two segments to compare
 */
export function reallocate(reached: ReachedCustomers): readonly SegmentMoney[] | null {
  const { contactCost, earned, ordered } = reached
  const { labels, groupCount } = reached.segments
  const sizes = new Int32Array(groupCount)
  for (const label of labels) sizes[label]! += 1
  const shown = Array.from(sizes.keys()).filter((segment) => sizes[segment]! >= LEAST_CUSTOMERS)
  const counts = (row: number): boolean => sizes[labels[row]!]! >= LEAST_CUSTOMERS
  const [cost, gain, buyers] = [contactCost, earned, ordered].map((values) =>
    sumsOf(values, labels, groupCount, counts),
  )
  const [allCost, allGain, allBuyers] = [cost!, gain!, buyers!].map((sums) => sums.reduce((sum, one) => sum + one, 0))
  if (shown.length < 2 || !(allCost! > 0) || !(allGain! > 0)) return null
  const counted = shown.reduce((sum, segment) => sum + sizes[segment]!, 0)
  const quantile = normalQuantile(1 - (1 - CONFIDENCE) / 2 / shown.length)
  const found = shown.map((segment) => {
    const [costShare, earnedShare] = [cost![segment]! / allCost!, gain![segment]! / allGain!]
    let squares = 0
    for (let row = 0; row < labels.length; row++) {
      if (!counts(row)) continue
      const own = labels[row] === segment ? 1 : 0
      const influence =
        ((own - earnedShare) * earned[row]!) / allGain! - ((own - costShare) * contactCost[row]!) / allCost!
      squares += influence ** 2
    }
    const gap = earnedShare - costShare
    const half = quantile * Math.sqrt((squares * counted) / (counted - 1))
    return {
      ...{ segment, customers: sizes[segment]!, contactCost: cost![segment]!, costShare, earnedShare, gap },
      orderedShare: allBuyers! > 0 ? buyers![segment]! / allBuyers! : 0,
      interval: { lower: gap - half, upper: gap + half },
    }
  })
  return withShifts(found)
}

/** What is taken is given: the smaller of both sides decides, and the larger one takes part in proportion. */
function withShifts(found: readonly Omit<SegmentMoney, 'shift'>[]): readonly SegmentMoney[] {
  const sureOf = ({ gap, interval }: Omit<SegmentMoney, 'shift'>): number =>
    interval.lower > 0 || interval.upper < 0 ? gap : 0
  const more = found.reduce((sum, one) => sum + Math.max(0, sureOf(one)), 0)
  const less = found.reduce((sum, one) => sum + Math.max(0, -sureOf(one)), 0)
  const moved = Math.min(more, less)
  return found.map((one) => {
    const sure = sureOf(one)
    return { ...one, shift: sure === 0 || moved === 0 ? null : (sure * moved) / (sure > 0 ? more : less) }
  })
}

function sumsOf(
  values: ArrayLike<number>,
  labels: Int32Array,
  groupCount: number,
  counts: (row: number) => boolean,
): Float64Array {
  const sums = new Float64Array(groupCount)
  for (let row = 0; row < labels.length; row++) if (counts(row)) sums[labels[row]!]! += values[row]!
  return sums
}
