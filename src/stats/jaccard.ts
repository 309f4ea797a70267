import type { Contingency } from './contingency.ts'

/**
 * Jaccard index (Jaccard 1901) of every row group with every column group: shared items ÷ items in either.
 *
 * @returns shape (rows, columns), row-major, each 0 to 1; 0 where both groups are empty
 */
export function jaccardMatrix({ rows, columns, counts }: Contingency): Float64Array {
  const rowSums = new Float64Array(rows)
  const columnSums = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      rowSums[i]! += counts[i * columns + j]!
      columnSums[j]! += counts[i * columns + j]!
    }
  }
  const overlaps = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const shared = counts[i * columns + j]!
      const either = rowSums[i]! + columnSums[j]! - shared
      overlaps[i * columns + j] = either === 0 ? 0 : shared / either
    }
  }
  return overlaps
}
