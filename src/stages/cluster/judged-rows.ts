import { takeRows } from '../../stats/take-rows.ts'

/** Numbers of the rows whose flag is 1: those that stand for all. */
export function judgedRows(flags: Int32Array): Int32Array {
  const rows: number[] = []
  flags.forEach((flag, row) => flag === 1 && rows.push(row))
  return Int32Array.from(rows)
}

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
