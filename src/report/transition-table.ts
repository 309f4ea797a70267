import type { MoveReason } from '../run/transition.ts'
import type { Transition } from '../stages/validate/validation.ts'
import { countOf, formatCount } from './figures.ts'
import { textTable } from './text-table.ts'

/** Below this, a row of a report would point at single people. */
const SMALLEST_CELL = 5
const SHOWN_ROWS = 12

export const reasonTexts: Readonly<Record<MoveReason, string>> = {
  new: 'new customer',
  lost: 'no longer a customer',
  returned: 'came back',
  behaviour: 'bought differently',
  boundary: 'stood at a border',
  relabel: 'segment changed around them',
  definition: 'definition changed',
  merged: 'segments merged',
  override: 'set by a person',
  rollback: 'rolled back',
}

/** Who moved from where to where and why, the largest moves first. */
export function transitionTable(
  transitions: readonly Transition[],
  nameOf: (segmentKey: string) => string,
): readonly string[] {
  const moves = transitions
    .flatMap((move) => (move.moveReason === null ? [] : [{ ...move, moveReason: move.moveReason }]))
    .sort((a, b) => b.customers - a.customers || compareTexts(orderOf(a), orderOf(b)))
  if (moves.length === 0) return []
  const large = moves.filter(({ customers }) => customers >= SMALLEST_CELL)
  const shown = large.slice(0, SHOWN_ROWS)
  const rest = moves.filter((move) => !shown.includes(move)).reduce((sum, { customers }) => sum + customers, 0)
  return [
    ...textTable(
      [{ title: 'From' }, { title: 'To' }, { title: 'Customers', align: 'right' }, { title: 'Why' }],
      shown.map(({ fromSegmentKey, toSegmentKey, moveReason, customers }) => [
        fromSegmentKey === null ? '–' : nameOf(fromSegmentKey),
        toSegmentKey === null ? '–' : nameOf(toSegmentKey),
        formatCount(customers),
        reasonTexts[moveReason],
      ]),
    ),
    ...(rest > 0 ? [`and ${countOf(rest, 'customer')} in smaller moves`] : []),
  ]
}

function orderOf({ fromSegmentKey, toSegmentKey, moveReason }: Transition): string {
  return `${fromSegmentKey ?? ''} ${toSegmentKey ?? ''} ${moveReason ?? ''}`
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
