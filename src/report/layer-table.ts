import type { LayerEvidence } from '../stages/cluster/hybrid/parameters.ts'
import { formatCount } from '../run/figures.ts'
import { textTable } from './text-table.ts'

const MOST_CONFLICTS = 8

/** Whom each layer of a hybrid would have and has, and which layers would have the same customers. */
export function layerTable({ layers, conflicts, pooled }: LayerEvidence): readonly string[] {
  const table = textTable(
    [{ title: 'Layer' }, { title: 'Would have', align: 'right' }, { title: 'Has', align: 'right' }],
    layers.map(({ name, wanted, taken }) => [name, formatCount(wanted), formatCount(taken)]),
  )
  const shown = conflicts.slice(0, MOST_CONFLICTS)
  const more = conflicts.length - shown.length
  return [
    ...table,
    ...shown.map(
      ({ first, second, customers }) => `${first} and ${second} would both have ${formatCount(customers)} customers.`,
    ),
    ...(more > 0 ? [`${more} more pairs meet: --json has them all.`] : []),
    ...(pooled > 0 ? [`${formatCount(pooled)} customers are in combinations that are too small.`] : []),
  ]
}
