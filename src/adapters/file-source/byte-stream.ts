import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { FoundFile } from './find-files.ts'

const PIECE_BYTES = 2 ** 20

/** Beginnings of files that are not what people take them for. */
const OTHER_FORMATS: readonly (readonly [string, string, string])[] = [
  ['PK\u0003\u0004', 'a ZIP archive, as Excel workbooks are', 'Export it as CSV, or unpack it.'],
  ['PAR1', 'Parquet', 'Give it the extension .parquet, or set `format: parquet`.'],
  ['\u001f\u008b', 'gzip', 'Give it the extension .gz.'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook', 'Export it as CSV.'],
  ['\u00ff\u00fe', 'UTF-16', 'Set `csv: { encoding: utf-16le }`.'],
  ['\u00fe\u00ff', 'UTF-16', 'Set `csv: { encoding: utf-16be }`.'],
]

export interface ByteStream {
  /** Unpacked bytes. */
  readonly chunks: AsyncIterable<Buffer>
  /** Ends the reading early. */
  stop(): void
}

/** Opens a file, unpacked when its name ends in `.gz`. Only whole gzip files come to their end. */
export function openBytes(file: FoundFile, signal: AbortSignal | undefined): ByteStream {
  const raw = createReadStream(file.path, { highWaterMark: PIECE_BYTES, signal })
  if (!file.isZipped) return { chunks: raw as AsyncIterable<Buffer>, stop: () => raw.destroy() }
  const unpacked = createGunzip({ chunkSize: PIECE_BYTES })
  raw.on('error', (error) => unpacked.destroy(error))
  raw.pipe(unpacked)
  return {
    chunks: unpacked as AsyncIterable<Buffer>,
    stop: () => {
      raw.destroy()
      unpacked.destroy()
    },
  }
}

/** @throws SourceUnreadable when the first bytes are those of something else */
export function checkFirstBytes(chunk: Buffer, file: FoundFile, encoding: string, sourceName: string): void {
  const start = chunk.toString('latin1', 0, 4)
  const [, what, remedy] = OTHER_FORMATS.find(([mark]) => start.startsWith(mark)) ?? []
  if (what === undefined || (what === 'UTF-16' && /^(utf|ucs)-?(16|32|2)/.test(encoding))) return
  throw new SourceUnreadable(`Source ${sourceName}: ${file.name} is ${what}, going by its first bytes.`, remedy!)
}

/** Our failure for damaged bytes; other errors as they came. */
export function toBytesFailure(error: unknown, file: FoundFile, line: number, sourceName: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code.startsWith('Z_') && message === 'incorrect header check' && line === 1)
    return new SourceUnreadable(
      `Source ${sourceName}: ${file.name} is not gzip, going by its first bytes.`,
      'Zip it again, or take .gz off its name.',
      { cause: error },
    )
  if (code.startsWith('Z_'))
    return new SourceUnreadable(
      `Source ${sourceName}: ${file.name} is damaged or incomplete (gzip: ${message}), found after line ${line - 1}.`,
      'Copy the file again, then start the next revision.',
      { cause: error },
    )
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM')
    return new SourceUnreadable(
      `Source ${sourceName}: ${file.name} cannot be opened (${code}).`,
      'Put the file back, or let the user of the worker read it; then start the next revision.',
      { cause: error },
    )
  return error
}
