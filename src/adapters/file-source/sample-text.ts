import type { SourceSample, UnreadableRecord } from '../../ports/source-reader.ts'
import { dialectOf, splitRecord } from './csv-dialect.ts'
import { scanOptionsOf } from './csv-files.ts'
import type { Columns, FilePlace } from './file-place.ts'
import { locationOf, type FoundFile } from './find-files.ts'
import { headerNames, namesByPlace } from './csv-dialect.ts'
import { jsonLines, problemOf, textsOf } from './json-lines.ts'
import { scanFile } from './scan-file.ts'
import { excerptOf } from './unreadable-file.ts'

/** How much of a file is looked at for its unreadable records. */
const LOOKED_AT_BYTES = 4 * 2 ** 20
const LARGEST_LIST = 20

/** The first rows of a file, and what is wrong with the first records. */
export async function sampleText(
  { source, sourceName, format }: FilePlace,
  file: FoundFile,
  columns: Columns,
  rowCount: number,
): Promise<SourceSample> {
  const dialect = dialectOf(file.name, locationOf(source).csv, sourceName)
  const isJson = format === 'jsonl'
  const all = Object.keys(columns)
  let names = Array.isArray(dialect.header) ? (dialect.header as readonly string[]) : undefined
  const rows: (readonly (string | null)[])[] = []
  const lines: number[] = []
  const unreadable: UnreadableRecord[] = []
  let isCut = false
  const nulls = new Set(['', ...dialect.nulls])
  const valuesOf = (record: Buffer): readonly (string | null)[] => {
    if (isJson) return textsOf(record, all)
    const fields = splitRecord(record, dialect)
    names ??= namesByPlace(fields.length)
    return all.map((name) => {
      const value = fields[names!.indexOf(name)]
      return value === undefined || nulls.has(value) ? null : value
    })
  }
  await scanFile(file, {
    ...(isJson ? { ...jsonLines, encoding: dialect.encoding, check: problemOf } : scanOptionsOf(dialect, sourceName)),
    sourceName,
    fieldCount: isJson ? null : names?.length,
    header:
      isJson || dialect.header !== true
        ? undefined
        : (record, line) => (names = headerNames(record, dialect, `line ${line} of ${file.name}`, sourceName)).length,
    onRecord(record, line) {
      if (rows.length >= rowCount) return
      rows.push(valuesOf(record))
      lines.push(line)
    },
    onUnreadable(line, problem, record) {
      // What the look cut off is no fault of the file.
      if (!isCut && unreadable.length < LARGEST_LIST)
        unreadable.push({ file: file.name, line, problem, text: excerptOf(record) })
    },
    afterPiece: ({ bytes }) => Promise.resolve((isCut = bytes >= LOOKED_AT_BYTES)),
  })
  return { columns, rows, lines, files: lines.map(() => file.name), unreadable }
}
