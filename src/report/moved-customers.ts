import { formatCount } from '../run/figures.ts'
import { moveReasonTexts, type MoveReason } from '../run/transition.ts'
import { countOf } from './figures.ts'
import { block } from './run-report.ts'
import { textTable } from './text-table.ts'

/** The customers behind the moves of a run. */
export interface ListedMoves {
  readonly total: number
  readonly customers: readonly {
    readonly customerId: string
    readonly fromSegmentKey: string | null
    readonly toSegmentKey: string | null
    /** Null: stays. */
    readonly moveReason: MoveReason | null
  }[]
}

/** A line a customer, with the keys that joins and `--from` take. */
export function movedCustomers({ total, customers }: ListedMoves): readonly string[] {
  if (total === 0) return ['Nobody is like that.']
  return [
    ...textTable(
      [{ title: 'Customer' }, { title: 'From' }, { title: 'To' }, { title: 'Why' }],
      customers.map(({ customerId, fromSegmentKey, toSegmentKey, moveReason }) => [
        customerId,
        fromSegmentKey ?? '–',
        toSegmentKey ?? '–',
        moveReason === null ? 'stays' : moveReasonTexts[moveReason],
      ]),
    ),
    ...block(
      customers.length < total
        ? [`${formatCount(customers.length)} of ${countOf(total, 'customer')}; see more with --limit.`]
        : [`${countOf(total, 'customer')}.`],
    ),
  ]
}
