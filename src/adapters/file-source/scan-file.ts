import { open, type FileHandle } from 'node:fs/promises'
import { checkFirstBytes, openBytes, toBytesFailure } from './byte-stream.ts'
import { collapseBlanks } from './collapse-blanks.ts'
import { decodeText } from './decode-text.ts'
import type { FoundFile } from './find-files.ts'
import { RecordScanner, type ScannerOptions } from './record-scanner.ts'

export interface ScanOptions extends ScannerOptions {
  readonly sourceName: string
  /** Blanks between fields count as one. */
  readonly collapse: boolean
  /** Where the readable records are written; absent: nowhere. */
  readonly outputPath?: string
  readonly signal?: AbortSignal
  /** Between pieces of the file; true ends the scan. */
  readonly afterPiece?: (scanner: RecordScanner) => Promise<boolean | void>
}

/** Streams a file through the scanner: unpacked, as UTF-8. */
export async function scanFile(file: FoundFile, options: ScanOptions): Promise<RecordScanner> {
  const { outputPath, encoding, sourceName, signal } = options
  const scanner = new RecordScanner(options, outputPath !== undefined)
  const bytes = openBytes(file, signal)
  const output = outputPath === undefined ? undefined : await open(outputPath, 'w')
  try {
    const text = decodeText(checked(bytes.chunks, file, encoding, sourceName), encoding)
    for await (const piece of options.collapse ? collapseBlanks(text, options.shape.quote) : text) {
      scanner.push(piece)
      if (output) await write(output, scanner.takeKept())
      if (await options.afterPiece?.(scanner)) break
    }
    scanner.end()
    if (output) await write(output, scanner.takeKept())
    await options.afterPiece?.(scanner)
    return scanner
  } catch (error) {
    signal?.throwIfAborted()
    throw toBytesFailure(error, file, scanner.line, sourceName)
  } finally {
    bytes.stop()
    await output?.close()
  }
}

async function* checked(
  chunks: AsyncIterable<Buffer>,
  file: FoundFile,
  encoding: string,
  sourceName: string,
): AsyncGenerator<Buffer> {
  let first = true
  for await (const chunk of chunks) {
    if (first) checkFirstBytes(chunk, file, encoding, sourceName)
    first = false
    yield chunk
  }
}

async function write(output: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  // One call writes all of it, or throws.
  if (pieces.length > 0) await output.appendFile(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
}
