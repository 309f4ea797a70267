import { contingencyTable, type Contingency } from './contingency.ts'

/**
 * Adjusted Rand index (Hubert & Arabie 1985): agreement of two labelings, corrected for chance.
 *
 * @param a labels of shape (n), integers of at least 0
 * @param b labels of shape (n), same order of rows as `a`
 * @returns 1 for the same partition under any renaming (also of no or one item), about 0 for unrelated ones
 */
export function adjustedRand(a: Int32Array, b: Int32Array): number {
  return adjustedRandOf(contingencyTable(a, b))
}

/** The same of two labelings that are counted already. */
export function adjustedRandOf({ rows, columns, counts }: Contingency): number {
  const rowSums = new Float64Array(rows)
  const columnSums = new Float64Array(columns)
  let together = 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const count = counts[i * columns + j]!
      rowSums[i]! += count
      columnSums[j]! += count
      together += pairs(count)
    }
  }
  const inA = rowSums.reduce((sum, count) => sum + pairs(count), 0)
  const inB = columnSums.reduce((sum, count) => sum + pairs(count), 0)
  const all = pairs(counts.reduce((sum, count) => sum + count, 0))
  const expected = all === 0 ? 0 : (inA * inB) / all
  const largest = (inA + inB) / 2
  // Both all in one, or both all apart: nothing is left to chance, and they agree.
  return largest === expected ? 1 : (together - expected) / (largest - expected)
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2
}
