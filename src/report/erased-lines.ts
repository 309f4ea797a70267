import { formatCount } from '../run/figures.ts'
import type { ErasureStatus } from '../run/erasure.ts'

/** What became of an erasure, for a terminal. Nobody is named. */
export function erasedLines({ customers, stores, remarks }: ErasureStatus): readonly string[] {
  return [
    `${formatCount(customers)} ${customers === 1 ? 'customer is' : 'customers are'} forgotten: nothing is found of them any more.`,
    ...stores.map(
      ({ store, rows, places }) =>
        `${store}: ${formatCount(rows)} rows erased${rows === 0 ? '' : `, in ${formatCount(places)} ${places === 1 ? 'place' : 'places'}`}.`,
    ),
    ...remarks,
  ]
}
