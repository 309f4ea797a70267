import { quoteName, quoteText } from '../../sql/sql-text.ts'
import type { Source } from '../../stages/extract/config.ts'
import { engineType, type SourceColumn } from './column-types.ts'
import { splitTableName } from './postgres-failures.ts'

/** Text that stands for NULL. A value that looks like it is quoted by Postgres, and quoted values are never NULL to the engine. */
export const NULL_TEXT = '\\N'
/** The engine's own limit of two million is less than what a text of Postgres may hold; its buffer has the usual size. */
const LARGEST_ROW_BYTES = 16 * 2 ** 20

/** What rows are selected from. */
export function relationOf({ from }: Source): string {
  if ('table' in from) return splitTableName(from.table).map(quoteName).join('.')
  // The line break ends a comment in the query.
  if ('query' in from) return `(${from.query.replace(/;\s*$/, '')}\n) AS source`
  throw new Error(
    'The Postgres reader was given a source of files, of several places, or with a queryFile that was not read.',
  )
}

/** What the engine reads. */
export function relationOfFiles(paths: readonly string[], columns: readonly SourceColumn[]): string {
  const types = columns.map((column) => {
    const type = engineType(column)
    return `${quoteText(column.name)}: ${quoteText(type === 'NUMERIC' ? 'VARCHAR' : type)}`
  })
  const options = [
    // Unasked, the engine takes the first line break for the mark of all, one within a text too.
    ...["new_line = '\\n'", 'auto_detect = false', 'header = false', "delim = ','", `quote = '"'`, `escape = '"'`],
    ...[`nullstr = '${NULL_TEXT}'`, 'allow_quoted_nulls = false'],
    ...[`max_line_size = ${LARGEST_ROW_BYTES}`, `buffer_size = ${2 * LARGEST_ROW_BYTES}`],
    `columns = {${types.join(', ')}}`,
  ]
  return `read_csv([${paths.map(quoteText).join(', ')}], ${options.join(', ')})`
}
