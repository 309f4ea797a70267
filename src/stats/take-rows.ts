/** @param values shape (n, dimensions), row-major @returns some of its rows, shape (rows, dimensions) */
export function takeRows(values: Float64Array, dimensions: number, rows: Int32Array): Float64Array {
  const taken = new Float64Array(rows.length * dimensions)
  rows.forEach((row, i) => taken.set(values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions))
  return taken
}
