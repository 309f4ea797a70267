import { assignOptimally } from '../../../stats/assignment.ts'

/** Costs are whole numbers, so that the assignment is exact and ties are ties. */
const MERIT_UNITS = 1e6
/** Below one unit of merit, however many pairs there are. */
const TIE_UNITS = 1e3
const TIE_SPACE = 1e6

/** How well a pair fits; null: not at all. */
export interface PairMerit {
  /** 0 to 1, what counts: the sum over all pairs is made as large as it can be. */
  readonly merit: number
  /** 0 to 1, what decides between sums that are equal to a millionth. */
  readonly tie: number
}

/**
 * Pairs rows with columns so that the sum of their merits is the largest there is (Kuhn 1955), each at most once. What the order of rows
 * and columns can't decide is decided by it: give them in an order that does not depend on their numbers.
 *
 * @returns pairs of row and column
 */
export function assignPairs(
  rows: readonly number[],
  columns: readonly number[],
  meritOf: (row: number, column: number) => PairMerit | null,
): readonly (readonly [row: number, column: number])[] {
  const costs = new Float64Array(rows.length * columns.length)
  for (const [i, row] of rows.entries())
    for (const [j, column] of columns.entries()) {
      const found = meritOf(row, column)
      if (!found) continue
      // One unit more than nothing: a pair that fits badly is still a pair.
      const units = Math.round(found.merit * MERIT_UNITS) + 1
      costs[i * columns.length + j] = -(units * TIE_SPACE + Math.round(found.tie * TIE_UNITS))
    }
  return Array.from(assignOptimally(costs, rows.length, columns.length), (column, i) => [i, column] as const)
    .filter(([i, column]) => column >= 0 && costs[i * columns.length + column]! < 0)
    .map(([i, column]) => [rows[i]!, columns[column]!] as const)
}
