import { runningSums } from '../../../stats/running-sums.ts'
import type { ValueCounts } from '../value-counts.ts'

/** Points of the curve; between them it is straight. */
const MOST_POINTS = 201

/** How values are spread over the customers that were fitted, so that others can be placed among them. */
export interface ValueCurve {
  /** Ascending; all distinct values while there are at most 201, else the smallest, the largest, and evenly many customers between. */
  readonly values: readonly number[]
  /** Share of the customers with at most this value. */
  readonly percentiles: readonly number[]
  /** Share of the total that customers with at least this value make; what is not above 0 adds nothing. Null when nothing is. */
  readonly totalShares: readonly number[] | null
}

export function drawCurve({ values, customers }: ValueCounts): ValueCurve {
  const count = customers.reduce((sum, one) => sum + one, 0)
  let seen = 0
  const upTo = Float64Array.from(customers, (one) => (seen += one))
  const fromTop = runningSums(values.map((value, i) => Math.max(value, 0) * customers[i]!).toReversed()).toReversed()
  const total = fromTop[0] ?? 0
  const points = pointsOf(upTo)
  return {
    values: points.map((i) => values[i]!),
    percentiles: points.map((i) => upTo[i]! / count),
    totalShares: total > 0 ? points.map((i) => fromTop[i]! / total) : null,
  }
}

/** Indices of the values that become points, ascending. */
function pointsOf(upTo: Float64Array): readonly number[] {
  const all = Array.from(upTo, (_, index) => index)
  if (all.length <= MOST_POINTS) return all
  const count = upTo.at(-1)!
  const chosen = new Set([0])
  let index = 0
  for (let point = 1; point < MOST_POINTS; point++) {
    while (upTo[index]! < (point / (MOST_POINTS - 1)) * count) index += 1
    chosen.add(Math.min(index, all.length - 1))
  }
  return [...chosen].sort((a, b) => a - b)
}

/** Where a value lies: straight between points, that of the nearest point outside. */
export function readCurve(
  value: number,
  { values, percentiles, totalShares }: ValueCurve,
): { percentile: number; totalShare: number } {
  if (values.length === 0) return { percentile: NaN, totalShare: NaN }
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  // `low` is the first point at or above the value, or the last one.
  const from = Math.max(low - 1, 0)
  const width = values[low]! - values[from]!
  const part = width === 0 ? 1 : Math.min(Math.max((value - values[from]!) / width, 0), 1)
  const between = (points: readonly number[]): number => points[from]! + (points[low]! - points[from]!) * part
  return { percentile: between(percentiles), totalShare: totalShares ? between(totalShares) : NaN }
}
