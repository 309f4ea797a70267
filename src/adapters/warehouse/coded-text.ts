import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { quoteText } from '../../sql/sql-text.ts'
import type { ColumnTable } from '../../ports/compute-engine.ts'
import type { BinaryColumn } from './copy-binary.ts'

const UNKNOWN_CODE = -1

/** Texts of few values travel as numbers: 0 is null, UNKNOWN_CODE is none of them. */
export function codeOf(column: string, texts: readonly string[]): string {
  const list = `CAST([${texts.map(quoteText).join(', ')}] AS VARCHAR[])`
  return `CAST(CASE WHEN ${column} IS NULL THEN 0 ELSE coalesce(list_position(${list}, ${column}), ${UNKNOWN_CODE}) END AS INTEGER) AS ${column}`
}

/**
 * A column that `codeOf` made.
 *
 * @throws CountsDoNotReconcile for a text that is none of `texts`
 */
export function coded(
  columns: ColumnTable['columns'],
  name: string,
  texts: readonly string[],
): Extract<BinaryColumn, { readonly type: 'coded-text' }> {
  const codes = columns[name] as Int32Array
  if (codes.includes(UNKNOWN_CODE))
    throw new CountsDoNotReconcile(
      `Rows of the candidate hold a ${name} that validation does not know.`,
      'Start the next revision; if it happens again, report it with the manifest of stage validate.',
    )
  return { type: 'coded-text', codes, texts: texts.map((text) => Buffer.from(text)) }
}
