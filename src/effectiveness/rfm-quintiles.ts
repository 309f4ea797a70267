import { quantileSorted } from '../stats/quantile.ts'
import type { Grouping } from './explained.ts'

const PARTS = 5

/**
 * The plainest segmentation there is, as a measure for others: customers cut into fifths by recency, by frequency and by monetary value, 125 cells
 * (Hughes 1994). Equal values are in the same fifth.
 *
 * @param values recency, frequency and monetary value, each of shape (customers), larger is better
 */
export function rfmQuintiles(values: readonly [Float64Array, Float64Array, Float64Array]): Grouping {
  const labels = new Int32Array(values[0].length)
  for (const column of values) {
    const sorted = column.slice().sort()
    const cuts = Array.from({ length: PARTS - 1 }, (_, i) => quantileSorted(sorted, (i + 1) / PARTS))
    for (let i = 0; i < labels.length; i++)
      labels[i] = labels[i]! * PARTS + cuts.reduce((part, cut) => part + (column[i]! > cut ? 1 : 0), 0)
  }
  return { labels, groupCount: PARTS ** values.length }
}
