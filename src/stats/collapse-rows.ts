/** Distinct rows in ascending order, and how often each was there. */
export interface CollapsedRows {
  readonly columns: readonly Float64Array[]
  readonly counts: Float64Array
}

/**
 * Equal rows become one, so that what follows depends neither on their order nor pays for them twice.
 *
 * @param columns one or more of equal length, without NaN
 */
export function collapseRows(columns: readonly Float64Array[]): CollapsedRows {
  const length = columns[0]?.length ?? 0
  const compare = (a: number, b: number): number => {
    for (const column of columns) if (column[a] !== column[b]) return column[a]! - column[b]!
    return 0
  }
  const order = Uint32Array.from({ length }, (_, i) => i).sort(compare)
  const first: number[] = []
  const counts: number[] = []
  for (const row of order) {
    if (first.length > 0 && compare(first.at(-1)!, row) === 0) counts[counts.length - 1]!++
    else {
      first.push(row)
      counts.push(1)
    }
  }
  return {
    columns: columns.map((column) => Float64Array.from(first, (row) => column[row]!)),
    counts: Float64Array.from(counts),
  }
}
