import { quoteText } from '../../sql/sql-text.ts'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FoundFile } from './find-files.ts'
import { type CsvScan } from './csv-files.ts'
import { LARGEST_RECORD_BYTES } from './record-scanner.ts'
import { scanFile } from './scan-file.ts'
import { excerptOf } from './unreadable-file.ts'

/** How much of a file is looked at for the names of its columns. */
const NAMES_FROM_BYTES = 16 * 2 ** 20

const shape = { delimiter: Buffer.alloc(0), quote: -1 }
export const jsonLines = { shape, skipLines: 0, fieldCount: null, collapse: false }

type Scan = Omit<CsvScan, 'dialect'> & { readonly encoding: string }

/** Checks that each line is an object that the engine reads as it stands; writes a copy of those that are, where some are not. */
export async function prepareJsonLines(scan: Scan): Promise<{ readonly path: string; readonly records: number }> {
  const { file } = scan
  if (!file.isZipped && /^utf-?8$/.test(scan.encoding)) {
    const scanner = await scanLines(scan, undefined, false)
    if (scanner.unreadable === 0 && !scanner.uneven) return { path: file.path, records: scanner.records }
  }
  const copy = join(scan.scratchPath, `${createHash('sha256').update(file.path).digest('hex').slice(0, 12)}.jsonl`)
  const { records } = await scanLines(scan, copy, true)
  return { path: copy, records }
}

function scanLines(scan: Scan, outputPath: string | undefined, recording: boolean) {
  const { file, sourceName, encoding, unreadable, signal, onProgress } = scan
  return scanFile(file, {
    ...jsonLines,
    encoding,
    sourceName,
    outputPath,
    signal,
    check: problemOf,
    onUnreadable: (line, problem, record) => {
      if (recording) unreadable.add({ file: file.name, line, problem, text: excerptOf(record) })
    },
    async afterPiece({ records, unreadable: unread }) {
      onProgress(records + unread)
      await unreadable.flush()
    },
  })
}

/** Names of the columns in the order in which they first appear, by the first 16 MiB. */
export async function describeJsonLines(
  file: FoundFile,
  encoding: string,
  sourceName: string,
): Promise<readonly string[]> {
  const names = new Set<string>()
  await scanFile(file, {
    ...jsonLines,
    encoding,
    sourceName,
    check: problemOf,
    onUnreadable: () => undefined,
    onRecord(record) {
      for (const name of Object.keys(parse(record) as object)) names.add(name)
    },
    afterPiece: ({ bytes }) => Promise.resolve(bytes >= NAMES_FROM_BYTES),
  })
  return [...names]
}

/** A line of JSON as texts by name; numbers and nested values as JSON writes them. */
export function textsOf(record: Buffer, names: readonly string[]): readonly (string | null)[] {
  const object = parse(record) as Record<string, unknown>
  return names.map((name) => {
    const value = object[name]
    if (value === undefined || value === null) return null
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

function parse(record: Buffer): unknown {
  return JSON.parse(record.toString())
}

export function problemOf(record: Buffer): string | undefined {
  const text = record.toString()
  if (text.trim() === '') return 'holds only blanks'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return `is no JSON (${excerptOf(Buffer.from((error as Error).message))})`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object'
  // Half a pair, or NUL: the engine and Postgres refuse them.
  if (text.includes('\\u') && /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value)))
    return 'holds an escaped NUL or half a pair of a surrogate'
  return undefined
}

/** What the engine reads. @param names columns, all of them as text */
export function relationOfJsonLines(paths: readonly string[], names: readonly string[]): string {
  // A relation has a column at least.
  const columns = (names.length > 0 ? names : ['none']).map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  const list = paths.map(quoteText).join(', ')
  return `read_json([${list}], format = 'newline_delimited', auto_detect = false, maximum_object_size = ${LARGEST_RECORD_BYTES}, columns = {${columns}})`
}
