import { formatCount } from '../run/figures.ts'
import type { MoveSummary } from '../run/moves.ts'
import { moveReasonTexts } from '../run/transition.ts'
import { countOf } from './figures.ts'
import { textTable } from './text-table.ts'

/** Who moved from where to where and why; nothing when nobody did. */
export function moveTable({ largest, otherCustomers }: MoveSummary): readonly string[] {
  if (largest.length === 0) return otherCustomers > 0 ? [`${countOf(otherCustomers, 'customer')} in small moves`] : []
  return [
    ...textTable(
      [{ title: 'From' }, { title: 'To' }, { title: 'Customers', align: 'right' }, { title: 'Why' }],
      largest.map(({ from, to, moveReason, customers }) => [
        from ?? '–',
        to ?? '–',
        formatCount(customers),
        moveReasonTexts[moveReason],
      ]),
    ),
    ...(otherCustomers > 0 ? [`and ${countOf(otherCustomers, 'customer')} in smaller moves`] : []),
  ]
}
