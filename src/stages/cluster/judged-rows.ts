export { partOf } from '../../stats/part-of.ts'

/** Numbers of the rows whose flag is 1: those that stand for all. */
export function judgedRows(flags: Int32Array): Int32Array {
  const rows: number[] = []
  flags.forEach((flag, row) => flag === 1 && rows.push(row))
  return Int32Array.from(rows)
}
