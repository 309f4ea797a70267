import { takeRows } from './take-rows.ts'

interface Rows {
  readonly rowCount: number
  readonly dimensions: number
  /** Shape (rowCount, dimensions), row-major. */
  readonly values: Float64Array
}

/** Some rows of a matrix, as one of their own. */
export function partOf({ dimensions, values }: Rows, rows: Int32Array): Rows {
  return { rowCount: rows.length, dimensions, values: takeRows(values, dimensions, rows) }
}
