import { quoteName, quoteText, readParquet } from '../../../sql/sql-text.ts'
import type { LiveRelation } from '../live-sql.ts'

/** Columns of the customers [start, end), in the order of the population. */
export function compileValues(
  columns: readonly string[],
  start: number,
  end: number,
  relation: LiveRelation = 'population',
): string {
  return `
SELECT ${columns.map(quoteName).join(', ')}
FROM ${relation}
WHERE customer_row >= ${start} AND customer_row < ${end}
ORDER BY customer_row`
}

/** Of every customer an amount, and the positions among `keys` of the segment now and before (−1: none). */
export function compileKpi(kpi: string, keys: readonly string[]): string {
  const position = (column: string): string =>
    `CAST(coalesce(list_position([${keys.map(quoteText).join(', ')}], ${column}), 0) - 1 AS INTEGER)`
  return `
SELECT CAST(p.${quoteName(kpi)} AS DOUBLE) AS kpi, ${position('r.segment_key')} AS segment,
  ${position('r.previous_segment_key')} AS previous
FROM population AS p
JOIN resolved AS r ON r.customer_id = p.customer_id
ORDER BY p.customer_row`
}

/** Clusters of the customers [start, end), in the order of the population. */
export function compileClusters(start: number, end: number): string {
  return `
SELECT cluster
FROM population
WHERE customer_row >= ${start} AND customer_row < ${end}
ORDER BY customer_row`
}

/** Of every customer who has one the margin to the next segment, and the position of why he moved among `subjects`, of which the first stayed. */
export function compileMargins(subjects: readonly string[]): string {
  return `
SELECT confidence AS margin,
  CAST(coalesce(list_position([${subjects.map(quoteText).join(', ')}], move_reason), 1) - 1 AS INTEGER) AS subject
FROM resolved
WHERE confidence IS NOT NULL
ORDER BY bucket, customer_id`
}

/** Customers whose values are compared one by one; of more, those of the first buckets, whoever they are. */
const COMPARED_ROWS = 2_000_000

export function sampledBuckets(customers: number): number {
  return Math.max(1, Math.min(256, Math.floor((256 * COMPARED_ROWS) / customers)))
}

/** All values of a column in any order, null as NaN: it comes cheaper. */
export function compileAllValues(files: readonly string[], name: string, buckets: number): string {
  return `
SELECT coalesce(CAST(${quoteName(name)} AS DOUBLE), 'nan') AS value
FROM ${readParquet(files)}
WHERE bucket < ${buckets}`
}
