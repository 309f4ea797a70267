import { momentsOf } from '../../../stats/moments.ts'
import type { Split } from './grow-levels.ts'

/** Some rows of the sample, ascending. */
export type RowGroup = Int32Array

export interface TwoMeans {
  /** 0 or 1, shape (rows of the group). */
  readonly labels: Int32Array
  readonly inertia: number
}

/**
 * Bisecting k-means (Steinbach, Karypis & Kumar 2000): of several fits of two clusters the one with the lowest inertia, the first of equals,
 * among those that leave both sides the minimum. The group with the largest inertia gains most.
 *
 * @param values coordinates of the rows of the group, shape (rows, dimensions)
 * @returns null when no fit does
 */
export function chooseBisection(
  group: RowGroup,
  values: Float64Array,
  fits: readonly TwoMeans[],
  minimum: number,
): Split<RowGroup> | null {
  let best: TwoMeans | null = null
  for (const fit of fits) {
    const first = fit.labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0)
    if (Math.min(first, group.length - first) < minimum) continue
    if (!best || fit.inertia < best.inertia) best = fit
  }
  if (!best) return null
  const { labels } = best
  // The side of the first row comes first, whatever the fit calls it.
  const isFirst = (_: number, i: number): boolean => labels[i] === labels[0]
  return {
    gain: inertiaOf(values, values.length / group.length),
    parts: [group.filter(isFirst), group.filter((row, i) => !isFirst(row, i))],
  }
}

/** Sum of squared distances to the mean. */
function inertiaOf(values: Float64Array, dimensions: number): number {
  const column = new Float64Array(values.length / dimensions)
  let inertia = 0
  for (let j = 0; j < dimensions; j++) {
    for (let row = 0; row < column.length; row++) column[row] = values[row * dimensions + j]!
    inertia += momentsOf(column).squaredDeviations
  }
  return inertia
}
