import { formatCount } from '../../run/figures.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'

const WITHHELD = `fewer than ${SMALLEST_CELL}`

/** A number of customers; of a few only that they are few. */
export function countText(customers: number): string {
  return customers > 0 && customers < SMALLEST_CELL ? WITHHELD : formatCount(customers)
}

/**
 * Which cells of a table of counts are not shown: those of a few customers, and beside each that stands alone in its row or column the
 * smallest other one, since the sums of rows and columns are known and would give it away.
 *
 * @returns the shape of `counts`
 */
export function withhold(counts: readonly (readonly number[])[]): boolean[][] {
  const hidden = counts.map((row) => row.map((count) => count > 0 && count < SMALLEST_CELL))
  const columns = counts[0]?.length ?? 0
  const lines = [
    ...counts.map((row, i) => row.map((_, j) => [i, j] as const)),
    ...Array.from({ length: columns }, (_, j) => counts.map((_, i) => [i, j] as const)),
  ]
  // Each round hides a cell or is the last.
  for (let isChanged = true; isChanged;) {
    isChanged = false
    for (const line of lines) {
      if (line.filter(([i, j]) => hidden[i]![j]).length !== 1) continue
      const [smallest] = line
        .filter(([i, j]) => !hidden[i]![j] && counts[i]![j]! > 0)
        .sort(([i, j], [k, l]) => counts[i]![j]! - counts[k]![l]!)
      if (!smallest) continue
      hidden[smallest[0]]![smallest[1]] = isChanged = true
    }
  }
  return hidden
}
