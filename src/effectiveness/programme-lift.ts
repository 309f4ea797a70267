import { compareMeans } from '../stats/compare-means.ts'
import { compareShares, type Interval } from '../stats/compare-shares.ts'
import { momentsOf } from '../stats/moments.ts'
import type { Grouping } from './explained.ts'

/** Customers of whom some were held out of everything. All of shape (customers). */
export interface TreatedCustomers {
  readonly segments: Grouping
  /** 1 for those who were held out, else 0. */
  readonly heldOut: Int32Array
  readonly spend: Float64Array
  /** 1 for those who ordered, else 0. */
  readonly ordered: Int32Array
}

export interface Lift {
  readonly difference: number
  /** Holds it with 95 %. */
  readonly interval: Interval
}

export interface SegmentLift {
  /** Number of the segment; null: all customers. */
  readonly segment: number | null
  readonly heldOut: number
  readonly others: number
  /** Mean spend of the others less that of those held out. */
  readonly spend: Lift
  /** Share of the others who ordered less that of those held out. */
  readonly ordered: Lift
}

const CONFIDENCE = 0.95
const LEAST_CUSTOMERS = 5

/**
 * What the programme brought: customers who were treated against those held out, by segment and of all. Means by Welch (1947), shares by Newcombe
 * (1998). Everybody counts as they were drawn, whether or not anything reached them.
 *
 * @returns null where nobody was held out, or too few to say anything of; segments with fewer than 5 on a side are left out
 */
export function programmeLift(treated: TreatedCustomers): readonly SegmentLift[] | null {
  const { labels, groupCount } = treated.segments
  const all = liftOf(treated, null)
  if (all === null) return null
  const filled = Array.from({ length: groupCount }, (_, segment) => segment).filter((one) => labels.includes(one))
  return [all, ...filled.flatMap((segment) => liftOf(treated, segment) ?? [])]
}

function liftOf({ segments, heldOut, spend, ordered }: TreatedCustomers, segment: number | null): SegmentLift | null {
  const isIn = (row: number): boolean => segment === null || segments.labels[row] === segment
  const side = (held: number) => {
    const isOn = (_: number, row: number): boolean => heldOut[row] === held && isIn(row)
    const count = ordered.filter(isOn)
    return { money: spend.filter(isOn), tally: { count: count.reduce((sum, one) => sum + one, 0), size: count.length } }
  }
  const [others, held] = [side(0), side(1)]
  if (Math.min(others.tally.size, held.tally.size) < LEAST_CUSTOMERS) return null
  const { difference, interval } = compareMeans(momentsOf(held.money), momentsOf(others.money), CONFIDENCE)
  const shares = compareShares(held.tally, others.tally, CONFIDENCE)
  return {
    ...{ segment, heldOut: held.tally.size, others: others.tally.size },
    spend: { difference, interval },
    ordered: { difference: shares.difference, interval: shares.interval },
  }
}
