import { measureBorder, type MeasuredBorder } from '../../../stats/measure-border.ts'
import { type Group, nearestPairs } from './groups.ts'

export const LEAST_MERGED = 100

/** Two neighbours, and what lies between them. */
export interface MeasuredPair extends MeasuredBorder {
  readonly pair: readonly [Group, Group]
}

/** Every group that is large enough with its nearest. */
export function measurePairs(groups: readonly Group[], dimensions: number): readonly MeasuredPair[] {
  const large = groups.filter(({ rows }) => rows.length >= LEAST_MERGED)
  return nearestPairs(large, dimensions).map((pair) => ({
    pair,
    ...measureBorder(pair[0].values, pair[1].values, dimensions),
  }))
}

/** Values of both, one after the other, and whose each row is: 0 or 1. */
export function joined(a: Group, b: Group): [values: Float64Array, sides: Int32Array] {
  const both = new Float64Array(a.values.length + b.values.length)
  both.set(a.values)
  both.set(b.values, a.values.length)
  const customers = a.rows.length + b.rows.length
  return [both, Int32Array.from({ length: customers }, (_, row) => (row < a.rows.length ? 0 : 1))]
}
