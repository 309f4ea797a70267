/** Counts of shape (rows, columns), row-major. */
export interface Contingency {
  readonly rows: number
  readonly columns: number
  readonly counts: Float64Array
}

/**
 * Contingency table of two labelings: how many items have label i in `a` and label j in `b`.
 *
 * @param a labels of shape (n), integers of at least 0
 * @param b labels of shape (n), same order of items as `a`
 * @returns shape (largest label of `a` + 1, largest label of `b` + 1); (0, 0) without items
 */
export function contingencyTable(a: Int32Array, b: Int32Array): Contingency {
  if (a.length !== b.length) throw new RangeError(`Labelings of ${a.length} and ${b.length} items can't be compared.`)
  const rows = labelCount(a)
  const columns = labelCount(b)
  const counts = new Float64Array(rows * columns)
  for (let i = 0; i < a.length; i++) counts[a[i]! * columns + b[i]!]! += 1
  return { rows, columns, counts }
}

function labelCount(labels: Int32Array): number {
  let largest = -1
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!
    if (label < 0) throw new RangeError(`Label ${label} of item ${i} is below 0.`)
    if (label > largest) largest = label
  }
  return largest + 1
}
