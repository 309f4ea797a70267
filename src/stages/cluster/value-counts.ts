import { quoteName } from '../../sql/sql-text.ts'

/** Distinct values of a feature and how many customers have each. */
export interface ValueCounts {
  /** Ascending, without missing ones. */
  readonly values: Float64Array
  readonly customers: Int32Array
}

/** The values of a feature over all customers, ascending: the same for any order of rows. What is missing or infinite does not
 * count. Columns `value` and `customers`. */
export function compileValueCounts(relation: string, column: string): string {
  return `
SELECT ${quoteName(column)} AS value, CAST(count(*) AS INTEGER) AS customers
FROM ${relation}
WHERE isfinite(${quoteName(column)})
GROUP BY ${quoteName(column)}
ORDER BY value`
}

/** The values above a bound. */
export function countsAbove({ values, customers }: ValueCounts, bound: number): ValueCounts {
  let from = 0
  while (from < values.length && values[from]! <= bound) from += 1
  return { values: values.subarray(from), customers: customers.subarray(from) }
}
