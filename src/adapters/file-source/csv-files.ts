import { quoteText } from '../../sql/sql-text.ts'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import { headerNames, namesByPlace, shapeOf, type CsvDialect } from './csv-dialect.ts'
import { isUtf8Name } from './decode-text.ts'
import type { FoundFile } from './find-files.ts'
import { LARGEST_RECORD_BYTES, type RecordScanner } from './record-scanner.ts'
import { recordEnd, type LineBreak } from './record-end.ts'
import { scanFile } from './scan-file.ts'
import { excerptOf, type UnreadableFile } from './unreadable-file.ts'

/** A file that holds only what the engine reads as the scanner did. */
export interface EvenFile {
  readonly path: string
  readonly names: readonly string[]
  /** The first line is no row. */
  readonly hasHeader: boolean
  readonly lineBreak: LineBreak
  readonly records: number
}

export interface CsvScan {
  readonly file: FoundFile
  readonly dialect: CsvDialect
  readonly sourceName: string
  readonly scratchPath: string
  readonly unreadable: UnreadableFile
  readonly signal: AbortSignal | undefined
  readonly onProgress: (records: number) => void
}

/** Counts and checks the records of a file, and writes a copy of the good ones where the engine would not read the file itself. */
export async function prepareCsv(scan: CsvScan): Promise<EvenFile> {
  const { file, dialect } = scan
  // The engine takes a truncated gzip file for a shorter one, and unpacks with one thread.
  const rewritten = file.isZipped || !isUtf8Name(dialect.encoding) || dialect.delimiter === ' ' || dialect.skipLines > 0
  if (!rewritten) {
    const { scanner, names } = await scanCsv(scan, undefined, false)
    if (scanner.unreadable === 0 && !scanner.uneven) return evenFile(file.path, names, dialect.header === true, scanner)
  }
  const copy = join(scan.scratchPath, `${createHash('sha256').update(file.path).digest('hex').slice(0, 12)}.csv`)
  const { scanner, names } = await scanCsv(scan, copy, true)
  return evenFile(copy, names, false, scanner)
}

function evenFile(path: string, names: readonly string[], hasHeader: boolean, scanner: RecordScanner): EvenFile {
  return { path, names, hasHeader, lineBreak: scanner.mainBreak ?? '\n', records: scanner.records }
}

async function scanCsv(scan: CsvScan, outputPath: string | undefined, recording: boolean) {
  const { file, dialect, sourceName, unreadable, signal, onProgress } = scan
  let names = Array.isArray(dialect.header) ? (dialect.header as readonly string[]) : undefined
  const scanner = await scanFile(file, {
    ...scanOptionsOf(dialect, sourceName),
    header:
      dialect.header === true
        ? (record, line) => (names = headerNames(record, dialect, `line ${line} of ${file.name}`, sourceName)).length
        : undefined,
    fieldCount: names?.length,
    outputPath,
    signal,
    onUnreadable: (line, problem, record) => {
      if (recording) unreadable.add({ file: file.name, line, problem, text: excerptOf(record) })
    },
    async afterPiece({ records, unreadable: unread }) {
      onProgress(records + unread)
      await unreadable.flush()
    },
  })
  names ??= namesByPlace(scanner.columnCount)
  if (names.length === 0) throw emptyFile(file, sourceName, scanner.bytes)
  return { scanner, names }
}

export function scanOptionsOf(dialect: CsvDialect, sourceName: string) {
  return {
    shape: shapeOf(dialect),
    encoding: dialect.encoding,
    skipLines: dialect.skipLines,
    collapse: dialect.delimiter === ' ',
    sourceName,
  }
}

/** Names of a file's columns, by its first record. */
export async function describeCsv(
  file: FoundFile,
  dialect: CsvDialect,
  sourceName: string,
): Promise<readonly string[]> {
  if (Array.isArray(dialect.header)) return dialect.header as readonly string[]
  let names: readonly string[] | undefined
  const shape = shapeOf(dialect)
  const scanner = await scanFile(file, {
    ...scanOptionsOf(dialect, sourceName),
    header: (record, line) => {
      names =
        dialect.header === true
          ? headerNames(record, dialect, `line ${line} of ${file.name}`, sourceName)
          : namesByPlace(recordEnd(record, 0, shape).fields)
      return names.length
    },
    onUnreadable: () => undefined,
    afterPiece: () => Promise.resolve(names !== undefined),
  })
  if (!names) throw emptyFile(file, sourceName, scanner.bytes)
  return names
}

function emptyFile(file: FoundFile, sourceName: string, bytes: number): SourceUnreadable {
  return new SourceUnreadable(
    `Source ${sourceName}: ${file.name} is ${bytes === 0 ? 'empty, without even a header line' : 'without a line that names the columns'}.`,
    'Write the file again: its first line names the columns; or name them in `csv: { header: [...] }`.',
  )
}

/** What the engine reads. Nothing is guessed from a sample: every run reads the same file in the same way. */
export function relationOfCsv(files: readonly EvenFile[], dialect: CsvDialect): string {
  const [{ names, hasHeader, lineBreak }] = files as [EvenFile]
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`)
  const options = [
    'auto_detect = false',
    `header = ${hasHeader}`,
    `delim = ${quoteText(dialect.delimiter)}`,
    `quote = ${quoteText(dialect.quote)}`,
    `escape = ${quoteText(dialect.quote)}`,
    `nullstr = [${['', ...dialect.nulls].map(quoteText).join(', ')}]`,
    `new_line = '${lineBreak.replace('\r', '\\r').replace('\n', '\\n')}'`,
    "compression = 'none'",
    // The default is two million; the buffer has its usual size.
    `max_line_size = ${LARGEST_RECORD_BYTES + 2}`,
    `buffer_size = ${2 * LARGEST_RECORD_BYTES}`,
    `columns = {${columns.join(', ')}}`,
  ]
  return `read_csv([${files.map(({ path }) => quoteText(path)).join(', ')}], ${options.join(', ')})`
}
