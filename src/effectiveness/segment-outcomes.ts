import { programmeLift, type SegmentLift } from './programme-lift.ts'
import { reallocate, type ReachedCustomers, type SegmentMoney } from './reallocate.ts'

/** A segment by its lasting key and its name then. */
export interface NamedSegment {
  readonly segmentKey: string
  readonly segmentName: string
}

export interface MoneyRow extends NamedSegment, Omit<SegmentMoney, 'segment' | 'interval'> {
  readonly gapLower: number
  readonly gapUpper: number
}

/** `segmentKey` null: all customers. */
export interface LiftRow extends Omit<NamedSegment, 'segmentKey'> {
  readonly segmentKey: string | null
  readonly heldOut: number
  readonly others: number
  readonly spend: number
  readonly spendLower: number
  readonly spendUpper: number
  readonly ordered: number
  readonly orderedLower: number
  readonly orderedUpper: number
}

/** What the segments of a run cost and brought in the time after it. */
export interface SegmentOutcomes {
  /** What counts as earned: margin where costs of goods are known, else revenue. */
  readonly earnedIs: 'margin' | 'revenue'
  /** Null: nothing says what contacts cost, or nothing came of it. */
  readonly money: readonly MoneyRow[] | null
  /** Null: nobody was held out. All customers first. */
  readonly lift: readonly LiftRow[] | null
  /** The same since an earlier run, by the segments of that. Absent: there is none. */
  readonly sinceFirst?: {
    readonly run: string
    /** ISO 8601, UTC. */
    readonly from: string
    readonly lift: readonly LiftRow[]
  }
}

export interface OutcomeCustomers extends ReachedCustomers {
  readonly spend: Float64Array
  /** 1 for those who were held out. */
  readonly heldOut: Int32Array
}

/** @param named by the number of the segment */
export function segmentOutcomes(
  customers: OutcomeCustomers,
  named: readonly NamedSegment[],
  earnedIs: SegmentOutcomes['earnedIs'],
): SegmentOutcomes {
  const money = reallocate(customers)
  const lift = programmeLift(customers)
  return {
    earnedIs,
    money:
      money &&
      money.map(({ segment, interval, ...one }) => ({
        ...named[segment]!,
        ...one,
        ...{ gapLower: interval.lower, gapUpper: interval.upper },
      })),
    lift: lift && lift.map((one) => liftRow(one, named)),
  }
}

function liftRow({ segment, heldOut, others, spend, ordered }: SegmentLift, named: readonly NamedSegment[]): LiftRow {
  return {
    ...(segment === null ? { segmentKey: null, segmentName: 'All customers' } : named[segment]!),
    ...{ heldOut, others },
    ...{ spend: spend.difference, spendLower: spend.interval.lower, spendUpper: spend.interval.upper },
    ...{ ordered: ordered.difference, orderedLower: ordered.interval.lower, orderedUpper: ordered.interval.upper },
  }
}
