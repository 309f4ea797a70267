import { formatCount } from '../run/figures.ts'
import type { SourceLook } from '../stages/extract/source-look.ts'
import { countOf } from './figures.ts'
import { textTable } from './text-table.ts'
import { SCREEN_COLUMNS, wrapText } from './wrap-text.ts'

/** What sources are today, a paragraph each. */
export function sourceLooks(looks: readonly SourceLook[]): readonly string[] {
  return looks.flatMap((look) => ['', ...sourceLook(look)])
}

function sourceLook(look: SourceLook): readonly string[] {
  const { source, roles, places, failure, rows, newest, columns, faults, misfits, unreadable, sampledRows } = look
  return [
    ...indented(`Source ${source} (${roles.join(', ')}): ${places.join(', ')}`, 0),
    ...(failure ? [...indented(`${failure.type}: ${failure.what}`, 2), ...indented(failure.remedy, 2)] : []),
    ...(columns.length === 0 ? [] : indented(figures(rows, newest), 2)),
    ...(columns.length === 0 ? [] : columnTable(columns)),
    ...(unreadable.count === 0 ? [] : [`  ${countOf(unreadable.count, 'record')} unreadable, such as`]),
    ...unreadable.first.flatMap(({ file, line, problem }) => indented(`${file}:${line}: ${problem}`, 4)),
    ...(misfits.length === 0 ? [] : [`  Values that do not fit, in the first ${countOf(sampledRows, 'row')}:`]),
    ...misfits.flatMap(({ column, rows: count, form, file, line }) =>
      indented(
        `${column}: ${countOf(count, 'value')} such as "${form}"${file === null ? '' : ` (${file}${line === null ? '' : `:${line}`})`}`,
        4,
      ),
    ),
    ...faults.flatMap(({ key, what }) => [`  ${key}`, ...indented(what, 4)]),
  ]
}

function figures(rows: SourceLook['rows'], newest: SourceLook['newest']): string {
  const count = rows === null ? [] : [`${rows.isAll ? '' : 'at least '}${countOf(rows.count, 'row')}`]
  const fresh = newest === null ? [] : [`newest ${newest.column} ${newest.utc === null ? 'none' : `${newest.utc} UTC`}`]
  return [...count, ...fresh].join(', ') || 'reached'
}

function columnTable(columns: SourceLook['columns']): readonly string[] {
  const used = columns.filter(({ usedBy }) => usedBy.length > 0)
  const others = columns.filter(({ usedBy }) => usedBy.length === 0)
  const table = textTable(
    [{ title: 'Column' }, { title: 'Type' }, { title: 'Used by' }],
    used.map(({ name, type, usedBy }) => [name, typeText(type), usedBy.join(', ')]),
  )
  return [
    ...(used.length === 0 ? [] : table.map((line) => `  ${line.slice(0, SCREEN_COLUMNS - 2)}`)),
    ...(others.length === 0
      ? []
      : indented(
          `${formatCount(others.length)} not used: ${others.map(({ name, type }) => `${name} (${typeText(type)})`).join(', ')}`,
          2,
        )),
  ]
}

/** As people say it. */
function typeText(type: string): string {
  if (type === 'VARCHAR') return 'text'
  if (type === 'NUMERIC') return 'numeric'
  return type === 'TIMESTAMP WITH TIME ZONE' ? 'instant' : type.toLowerCase()
}

/** Lines of a paragraph with blanks in front; what follows the first stands deeper. */
function indented(text: string, blanks: number): readonly string[] {
  return wrapText(text, SCREEN_COLUMNS - blanks - 2).map(
    (line, index) => ' '.repeat(index === 0 ? blanks : blanks + 2) + line,
  )
}
