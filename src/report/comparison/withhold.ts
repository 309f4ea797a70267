import { formatCount } from '../../run/figures.ts'
import { isFew, SMALLEST_CELL } from '../../run/moves.ts'

const WITHHELD = `fewer than ${SMALLEST_CELL}`

/** A number of customers; of a few only that they are few. */
export function countText(customers: number): string {
  return isFew(customers) ? WITHHELD : formatCount(customers)
}

/** How many customers went from where to where; null is outside: not a customer before, or any more. */
export interface CountedWay {
  readonly fromSegmentKey: string | null
  readonly toSegmentKey: string | null
  readonly customers: number
}

/** Which ways may not be told where the sizes of all segments are known. @param ways the same one twice counts as both */
export function withheldWays(
  ways: readonly CountedWay[],
): (fromSegmentKey: string | null, toSegmentKey: string | null) => boolean {
  const rows = [...new Set(ways.map(({ fromSegmentKey }) => fromSegmentKey))]
  const columns = [...new Set(ways.map(({ toSegmentKey }) => toSegmentKey))]
  const counts = rows.map(() => columns.map(() => 0))
  for (const { fromSegmentKey, toSegmentKey, customers } of ways)
    counts[rows.indexOf(fromSegmentKey)]![columns.indexOf(toSegmentKey)]! += customers
  const hidden = withhold(counts, [rows.indexOf(null), columns.indexOf(null)])
  return (fromSegmentKey, toSegmentKey) =>
    hidden[rows.indexOf(fromSegmentKey)]?.[columns.indexOf(toSegmentKey)] ?? false
}

type Cell = readonly [row: number, column: number]

/**
 * Which cells of a table of counts are not shown: those of a few customers, and beside each three more at the corners of a rectangle, so that
 * the sums of rows and columns, which are known, leave more than one number for it. Of all rectangles the one that hides the fewest customers;
 * a zero hides as well as another, where a hidden zero looks like any hidden cell. The hypercube method of secondary suppression: Repsilber
 * (1994), Giessing & Repsilber (2002).
 *
 * @param impossible a cell that everybody knows to be zero, and that hides nothing
 * @returns the shape of `counts`
 */
export function withhold(counts: readonly (readonly number[])[], impossible: Cell = [-1, -1]): boolean[][] {
  const hidden = counts.map((row) => row.map(isFew))
  counts.forEach((row, i) =>
    row.forEach((count, j) => {
      if (!isFew(count)) return
      for (const [k, l] of cheapestCorners(counts, hidden, [i, j], impossible)) hidden[k]![l] = true
    }),
  )
  return hidden
}

/** The other corners of the rectangle; where there is none that hides the cell, all of its row and column. */
function cheapestCorners(
  counts: readonly (readonly number[])[],
  hidden: readonly (readonly boolean[])[],
  [i, j]: Cell,
  impossible: Cell,
): readonly Cell[] {
  let [corners, least, fewest]: [readonly Cell[], number, number] = [[], Infinity, Infinity]
  const is = ([k, l]: Cell, [m, n]: Cell): boolean => k === m && l === n
  counts.forEach((row, k) =>
    row.forEach((across, l) => {
      if (k === i || l === j) return
      const others: readonly Cell[] = [
        [i, l],
        [k, j],
        [k, l],
      ]
      if (others.some((cell) => is(cell, impossible))) return
      // One customer fewer in the cell and across, one more beside both, or the other way round: one of the two must be possible.
      if (across === 0 && (counts[i]![l] === 0 || counts[k]![j] === 0)) return
      const added = others.filter(([m, n]) => !hidden[m]![n])
      const lost = added.reduce((sum, [m, n]) => sum + counts[m]![n]!, 0)
      if (lost < least || (lost === least && added.length < fewest))
        [corners, least, fewest] = [added, lost, added.length]
    }),
  )
  if (least < Infinity) return corners
  return [...counts[i]!.map((_, l): Cell => [i, l]), ...counts.map((_, k): Cell => [k, j])]
}
