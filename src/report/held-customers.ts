import { formatCount } from '../run/figures.ts'
import { block } from './run-report.ts'
import { textTable } from './text-table.ts'

/** What one place holds of some customers; of the rows only where they are. */
export interface HeldInStore {
  readonly store: string
  readonly rows: number
  /** Table or file → rows. */
  readonly places: Readonly<Record<string, number>>
}

/**
 * What an answer to customers who ask has in it, without naming them.
 *
 * @param customers how many were asked for
 * @param unknown of how many nothing is held
 * @param due `2026-08-01`
 */
export function heldCustomers(
  stores: readonly HeldInStore[],
  { customers, unknown, due }: { readonly customers: number; readonly unknown: number; readonly due: string },
): readonly string[] {
  const rows = stores.reduce((sum, store) => sum + store.rows, 0)
  const nothing =
    unknown === 0
      ? []
      : [customers === 1 ? 'Nothing is held of this customer.' : `Nothing is held of ${formatCount(unknown)} of them.`]
  const table = textTable(
    [{ title: 'Place' }, { title: 'Rows', align: 'right' }],
    stores.flatMap(({ store, places }) =>
      Object.entries(places).map(([place, count]) => [`${store}: ${place}`, formatCount(count)]),
    ),
  )
  return [
    `${formatCount(rows)} rows of ${formatCount(customers)} ${customers === 1 ? 'customer' : 'customers'} in ${formatCount(stores.length)} stores.`,
    ...nothing,
    ...(rows === 0 ? [] : block(table)),
    `Answer by ${due}: a customer who asks has a right to it within one month (GDPR, article 12).`,
  ]
}
