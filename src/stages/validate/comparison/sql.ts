import { quoteName, quoteText } from '../../../sql/sql-text.ts'
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
