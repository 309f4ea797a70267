import { createHash } from 'node:crypto'
import { quoteName, quoteText } from '../../sql/sql-text.ts'

export interface ColumnType {
  readonly name: string
  readonly type: string
}

/**
 * SQL that fingerprints the rows of a relation without regard to their order: the sums of two hashes of each row. Sums of disjoint sets of
 * rows add up, which a hash over sorted rows could not.
 *
 * What is hashed of a row is the engine's sort key of its values, which costs a third of their text: for each value a byte that tells
 * NULL (2) from a value (1), then a number, an instant or a truth in all its bytes, or a text with an end. No two different rows have the same key; `0.0` and
 * `-0.0` are one value. Names and types of the columns go in as a constant, so that a renamed column shows.
 */
export function rowDigestSql(relation: string, columns: readonly ColumnType[]): string {
  const shape = createHash('sha256')
    .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
    .digest('hex')
    .slice(0, 16)
  const values = [quoteText(shape), ...columns.map(({ name }) => quoteName(name))]
  const key = `create_sort_key(${values.map((value) => `${value}, 'ASC NULLS LAST'`).join(', ')})`
  // One MD5 a row instead of the two that md5_number_lower and md5_number_upper would take; shifting gives the same halves.
  return `
SELECT count(*) AS row_count,
       CAST(coalesce(sum(CAST(hash >> 64 AS UBIGINT)), 0) AS VARCHAR) AS lower,
       CAST(coalesce(sum(CAST(hash & CAST(18446744073709551615 AS UHUGEINT) AS UBIGINT)), 0) AS VARCHAR) AS upper
FROM (SELECT md5_number(${key}) AS hash FROM ${relation})`
}
