/**
 * Indices of the first occurrence of each distinct row, in row order.
 *
 * @param values shape (rows, dimensions), row-major, without NaN
 * @param limit the search ends when this many are found
 */
export function distinctRows(values: Float64Array, dimensions: number, limit: number): readonly number[] {
  const seen = new Set<string>()
  const first: number[] = []
  const rows = values.length / dimensions
  for (let i = 0; i < rows && first.length < limit; i++) {
    const key = values.subarray(i * dimensions, (i + 1) * dimensions).join()
    if (seen.has(key)) continue
    seen.add(key)
    first.push(i)
  }
  return first
}
