import { readParquet, selectNamed } from '../../sql/sql-text.ts'

/** Customers of the panel whose segment changed, numbered from 0 in the order of the population. Needs table `segment_keys`. */
export const CREATE_MOVED = `
CREATE TABLE moved AS
SELECT CAST(row_number() OVER (ORDER BY p.customer_row) - 1 AS INTEGER) AS moved_row, p.customer_row
FROM population AS p
JOIN segment_keys AS k ON k.cluster = p.cluster
WHERE p.previous_segment_key <> k.segment_key`

export const COUNT_MOVED = 'SELECT count(*) AS customers FROM moved'

/** Where the features are that the live model reads: of the candidate, or built beside them. */
export type LiveRelation = 'population' | 'live_population'

/** Table `live_population`: the live model's features of the customers of the population. */
export function compileLivePopulation(featureFiles: readonly string[]): string {
  return `
CREATE TABLE live_population AS
SELECT p.customer_row, f.* EXCLUDE (bucket, customer_id)
FROM population AS p
LEFT JOIN ${readParquet(featureFiles)} AS f ON f.bucket = p.bucket AND f.customer_id = p.customer_id`
}

/** What placing reads of the moved rows [start, end). */
export function compileMovedFeatures(
  columns: Readonly<Record<string, string>>,
  start: number,
  end: number,
  relation: LiveRelation,
): string {
  return `
SELECT ${selectNamed(columns)}
FROM (SELECT m.moved_row, p.* FROM moved AS m JOIN ${relation} AS p ON p.customer_row = m.customer_row)
WHERE moved_row >= ${start} AND moved_row < ${end}
ORDER BY moved_row`
}

/** What tells why customers moved, joined to the population `p` and its segments `k`: where the live model (`l`) puts them, and what became of the old segment (`r`, `g`). */
export const JOIN_REASONS = `LEFT JOIN moved AS m ON m.customer_row = p.customer_row
LEFT JOIN placed AS a ON a.placed_row = m.moved_row
LEFT JOIN live_keys AS l ON l.cluster = a.cluster
LEFT JOIN retired AS r ON r.segment_key = p.previous_segment_key
LEFT JOIN gone_into AS g ON g.from_segment_key = p.previous_segment_key AND g.to_segment_key = k.segment_key`
