import { munkres } from 'munkres'

/**
 * Optimal assignment (Kuhn 1955, Munkres 1957, as in the npm package `munkres`): pairs rows with columns at the lowest total cost.
 *
 * @param costs shape (rows, columns), row-major, finite
 * @returns the column of each row, −1 for rows that are left over when there are more rows than columns
 */
export function assignOptimally(costs: Float64Array, rows: number, columns: number): Int32Array {
  const assigned = new Int32Array(rows).fill(-1)
  if (rows === 0 || columns === 0) return assigned
  const matrix = Array.from({ length: rows }, (_, i) => costs.subarray(i * columns, (i + 1) * columns))
  for (const [row, column] of munkres(matrix)) assigned[row] = column
  return assigned
}
