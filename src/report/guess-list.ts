import type { SourceGuess } from '../init/guesses.ts'
import { formatCount } from '../run/figures.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

/** What `init` thinks that the data is, with reasons. */
export function guessList(sources: readonly SourceGuess[]): readonly string[] {
  return sources.flatMap(({ name, place, role, because: use, columns, lookups, recordedAt }) => {
    const { from, sampledRows } = place
    const csv =
      'file' in from && from.csv
        ? Object.entries(from.csv).map(([key, value]) => `${key} ${JSON.stringify(value)}`)
        : []
    const what = role === 'lookup' ? 'looked up by others' : role === 'none' ? 'not used' : `role ${role}`
    return [
      ...indented(
        `${name}: ${what} (${use}); looked at ${formatCount(sampledRows)} rows${csv.length === 0 ? '' : `, ${csv.join(', ')}`}`,
        0,
      ),
      ...columns.flatMap(({ column, from: made, because, example }) =>
        indented(
          `${column.padEnd(12)} ${typeof made === 'string' ? made : made.sql} (${because}${example === null ? '' : `, such as ${JSON.stringify(example)}`})`,
          2,
        ),
      ),
      ...(recordedAt === undefined ? [] : indented(`of a customer's rows the latest by ${recordedAt} counts`, 2)),
      ...lookups.flatMap(({ source, on, columns: names }) =>
        indented(`${names.join(', ')} from ${source}, by ${on}`, 2),
      ),
      '',
    ]
  })
}

function indented(text: string, blanks: number): readonly string[] {
  return wrapText(text, SCREEN_COLUMNS - blanks - 2).map(
    (line, at) => ' '.repeat(at === 0 ? blanks : blanks + 2) + line,
  )
}
