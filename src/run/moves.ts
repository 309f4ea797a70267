import type { MoveReason } from './transition.ts'

/** Below this, a figure would point at single people. */
export const SMALLEST_CELL = 5

/** Whether a figure would point at single people: at one, but not at nobody. */
export function isFew(customers: number): boolean {
  return customers > 0 && customers < SMALLEST_CELL
}

const SHOWN_ROWS = 12

/** Customers who moved alike. */
export interface Move {
  /** Names of the segments. Null: not present before, or gone. */
  readonly from: string | null
  readonly to: string | null
  readonly fromSegmentKey: string | null
  readonly toSegmentKey: string | null
  readonly moveReason: MoveReason
  readonly customers: number
}

/** Who moved and why, in numbers: small enough for a message, and nobody can be recognised in it. */
export interface MoveSummary {
  /** Largest first, at most 12. */
  readonly largest: readonly Move[]
  /** Customers of all other moves together. */
  readonly otherCustomers: number
}

interface Transition extends Omit<Move, 'from' | 'to' | 'moveReason'> {
  /** Null: stayed in its segment. */
  readonly moveReason: MoveReason | null
}

export function summarizeMoves(
  transitions: readonly Transition[],
  nameOf: (segmentKey: string) => string,
): MoveSummary {
  const name = (key: string | null): string | null => (key === null ? null : nameOf(key))
  const moves = transitions
    .flatMap(({ fromSegmentKey, toSegmentKey, moveReason, customers }): Move[] => {
      if (moveReason === null) return []
      return [
        { from: name(fromSegmentKey), to: name(toSegmentKey), fromSegmentKey, toSegmentKey, moveReason, customers },
      ]
    })
    .sort((a, b) => b.customers - a.customers || compareTexts(orderOf(a), orderOf(b)))
  const largest = moves.filter(({ customers }) => customers >= SMALLEST_CELL).slice(0, SHOWN_ROWS)
  const sum = (some: readonly Move[]): number => some.reduce((total, { customers }) => total + customers, 0)
  return { largest, otherCustomers: sum(moves) - sum(largest) }
}

function orderOf({ fromSegmentKey, toSegmentKey, moveReason }: Move): string {
  return `${fromSegmentKey ?? ''} ${toSegmentKey ?? ''} ${moveReason}`
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
