import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS } from './wrap-text.ts'

interface Transition {
  /** Null: not present before. */
  readonly fromSegmentKey: string | null
  /** Null: gone. */
  readonly toSegmentKey: string | null
  readonly customers: number
}

/** Where customers were, a row a segment, and where they are, a column a segment. Empty where it is wider than a screen. */
export function transitionMatrix(transitions: readonly Transition[]): readonly string[] {
  const [from, to] = [keysOf(transitions, 'fromSegmentKey'), keysOf(transitions, 'toSegmentKey')]
  const count = (row: string | null, column: string | null): string => {
    const found = transitions.filter((one) => one.fromSegmentKey === row && one.toSegmentKey === column)
    const customers = found.reduce((sum, one) => sum + one.customers, 0)
    return customers === 0 ? '·' : formatCount(customers)
  }
  const lines = textTable(
    [{ title: 'From ↓  to →' }, ...to.map((key) => ({ title: key ?? 'gone', align: 'right' as const }))],
    from.map((row) => [row ?? 'not there', ...to.map((column) => count(row, column))]),
  )
  return lines.some((line) => line.length > SCREEN_COLUMNS) ? [] : lines
}

/** In the order of their numbers; no segment comes last. */
function keysOf(
  transitions: readonly Transition[],
  side: 'fromSegmentKey' | 'toSegmentKey',
): readonly (string | null)[] {
  const keys = [...new Set(transitions.map((one) => one[side]))]
  const named = keys.filter((key) => key !== null)
  const inOrder = named.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  return keys.includes(null) ? [...inOrder, null] : inOrder
}
