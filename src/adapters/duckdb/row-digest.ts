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
 * The hashes are the engine's own (64 bits, NULL told apart), taken over the values, not over their text: see docs/decisions/0011. Names and
 * types of the columns go in as a constant, so that a renamed column shows.
 */
export function rowDigestSql(relation: string, columns: readonly ColumnType[]): string {
  const shape = createHash('sha256')
    .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
    .digest('hex')
    .slice(0, 16)
  const names = columns.map(({ name }) => quoteName(name))
  // A row's hash ends with an exclusive or of its last value: hashed again, values that change places between rows don't cancel out in the sum.
  const sumOf = (values: readonly string[]): string =>
    `CAST(coalesce(sum(hash(hash(${values.join(', ')}))), 0) AS VARCHAR)`
  return `
SELECT count(*) AS row_count,
       ${sumOf([quoteText(shape), ...names])} AS lower,
       ${sumOf([...names, quoteText(shape)])} AS upper
FROM ${relation}`
}
