import { createHash } from 'node:crypto'
import { quoteName, quoteText } from '../../sql/sql-text.ts'

export interface ColumnType {
  readonly name: string
  readonly type: string
}

/** Values of these types are never written with a comma, nor as nothing. */
const WITHOUT_COMMA = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\)|DATE|TIMESTAMP|BOOLEAN)$/

/**
 * SQL that fingerprints the rows of a relation without regard to their order: the sums of both halves of each row's MD5. Sums of
 * disjoint sets of rows add up, which a hash over sorted rows could not.
 *
 * A row's text is its numbers, instants and truths, each with a comma behind it, then its texts one after the other, then their lengths,
 * −1 for NULL: no two different rows have the same text, and NULL differs from an empty text. Names and types of the columns go in as a
 * constant, so that a renamed column shows.
 */
export function rowDigestSql(relation: string, columns: readonly ColumnType[]): string {
  const shape = createHash('sha256')
    .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
    .digest('hex')
    .slice(0, 16)
  const plain = columns.filter(({ type }) => WITHOUT_COMMA.test(type)).map(({ name }) => quoteName(name))
  const texts = columns.filter(({ type }) => !WITHOUT_COMMA.test(type)).map(({ name }) => quoteName(name))
  const lengths = texts.map((name) => `coalesce(strlen(CAST(${name} AS VARCHAR)), -1)`)
  const parts = [
    quoteText(shape),
    ...plain.flatMap((name) => [name, "','"]),
    ...texts,
    ...(texts.length > 0 ? ["'|'", lengths.join(", ',', ")] : []),
  ]
  const text = `concat(${parts.join(', ')})`
  // One MD5 a row instead of the two that md5_number_lower and md5_number_upper would take; shifting gives the same halves.
  return `
SELECT count(*) AS row_count,
       CAST(coalesce(sum(CAST(hash >> 64 AS UBIGINT)), 0) AS VARCHAR) AS lower,
       CAST(coalesce(sum(CAST(hash & CAST(18446744073709551615 AS UHUGEINT) AS UBIGINT)), 0) AS VARCHAR) AS upper
FROM (SELECT md5_number(${text}) AS hash FROM ${relation})`
}
