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
  const upTo = new Float64Array(values.length)
  const descending = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    upTo[i] = count += customers[i]!
    descending[values.length - 1 - i] = Math.max(values[i]!, 0) * customers[i]!
  }
  const fromTop = runningSums(descending).reverse()
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
  const { length } = upTo
  if (length <= MOST_POINTS) return Array.from(upTo, (_, index) => index)
  const count = upTo.at(-1)!
  const chosen = new Set([0])
  let index = 0
  for (let point = 1; point < MOST_POINTS; point++) {
    while (upTo[index]! < (point / (MOST_POINTS - 1)) * count) index += 1
    chosen.add(Math.min(index, length - 1))
  }
  return [...chosen].sort((a, b) => a - b)
}

/** Where values lie, by row. */
interface CurveReadings {
  readonly percentile: Float64Array
  readonly totalShare: Float64Array
}

/** Where the value of a row lies: straight between points, that of the nearest point outside. */
export function readCurve(
  value: number,
  { values, percentiles, totalShares }: ValueCurve,
  readings: CurveReadings,
  row: number,
): void {
  if (values.length === 0) return
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
  readings.percentile[row] = between(percentiles, from, low, part)
  if (totalShares) readings.totalShare[row] = between(totalShares, from, low, part)
}

function between(points: readonly number[], from: number, to: number, part: number): number {
  return points[from]! + (points[to]! - points[from]!) * part
}
