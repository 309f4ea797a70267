import { quoteName, selectNamed } from '../../sql/sql-text.ts'
import { SMALLEST_CELL } from '../../run/moves.ts'

/**
 * Features, segment (`sketched_segment`) and the one before (`sketched_previous`, null: none) of the first customers by MD5 of their id, in the order of the population: the same ones for any
 * number of shards. Needs tables population and resolved.
 *
 * @param columns name → SQL over the population
 */
export function compileSketched(columns: Readonly<Record<string, string>>, rowCount: number): string {
  const names = Object.keys(columns).map(quoteName)
  return `
SELECT ${['sketched_segment', 'sketched_previous', ...names].join(', ')}
FROM (
  SELECT p.customer_row, r.segment_key AS sketched_segment, p.previous_segment_key AS sketched_previous,
    ${selectNamed(Object.fromEntries(Object.entries(columns).map(([name, sql]) => [name, `p.${sql}`])))}
  FROM population AS p
  JOIN resolved AS r ON r.customer_id = p.customer_id
  QUALIFY row_number() OVER (ORDER BY md5(p.customer_id), p.customer_id) <= ${rowCount}
)
ORDER BY customer_row`
}

/** Median of each score by segment, null where fewer than five customers have it. A median does not depend on the order of its rows. */
export function compileScoreMedians(scoreCount: number): string {
  const medians = Array.from({ length: scoreCount }, (_, i) => `score_${i + 1}`).map(
    (name) => `CASE WHEN count(${name}) >= ${SMALLEST_CELL} THEN median(${name}) END AS ${name}`,
  )
  return `SELECT segment_key, ${medians.join(', ')} FROM resolved GROUP BY segment_key ORDER BY segment_key`
}
