import { quantileSorted } from '../../stats/quantile.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'
import type { TypicalCustomer } from './sketch.ts'

const DIGITS = 2

/**
 * What a customer in the middle of each segment is like: medians of the five who lie nearest its mean.
 *
 * @param values shape (n, dimensions), row-major, standardised
 * @param segmentKeys shape (n)
 * @param numbers features in their own unit, each of shape (n), NaN where there is no value
 * @returns none of segments of fewer than five
 */
export function typicalCustomers(
  values: Float64Array,
  dimensions: number,
  segmentKeys: readonly string[],
  numbers: Readonly<Record<string, Float64Array>>,
): readonly TypicalCustomer[] {
  return [...new Set(segmentKeys)].sort().flatMap((segmentKey) => {
    const rows = segmentKeys.flatMap((key, row) => (key === segmentKey ? [row] : []))
    if (rows.length < SMALLEST_CELL) return []
    const nearest = nearestToMean(rows, values, dimensions).slice(0, SMALLEST_CELL)
    const medians = Object.entries(numbers).flatMap(([name, column]) => {
      const known = Float64Array.from(nearest, (row) => column[row]!).filter((value) => !Number.isNaN(value))
      // Of fewer than all five it would be the figure of one.
      return known.length < SMALLEST_CELL ? [] : [[name, toDigits(quantileSorted(known.sort(), 0.5))] as const]
    })
    return [{ segmentKey, values: Object.fromEntries(medians) }]
  })
}

function nearestToMean(rows: readonly number[], values: Float64Array, dimensions: number): readonly number[] {
  const mean = new Float64Array(dimensions)
  for (const row of rows) for (let j = 0; j < dimensions; j++) mean[j]! += values[row * dimensions + j]! / rows.length
  const distances = new Map(
    rows.map((row) => {
      let sum = 0
      for (let j = 0; j < dimensions; j++) sum += (values[row * dimensions + j]! - mean[j]!) ** 2
      return [row, sum]
    }),
  )
  return [...rows].sort((a, b) => distances.get(a)! - distances.get(b)! || a - b)
}

function toDigits(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
