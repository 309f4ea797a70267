import { isAscii } from 'node:buffer'
import iconv from 'iconv-lite'
import { ConfigInvalid } from '../../errors/config-invalid.ts'

/** Stands for what could not be decoded: no UTF-8 holds this byte, so the scanner finds the record. */
const NOT_DECODED = 0xff
/** Encodings in which a byte below 128 is the ASCII character, whatever stands before it. */
const KEEPS_ASCII =
  /^(win(dows)?-?125\d|cp-?125\d|iso-?8859-?\d+|latin-?\d+|koi8-?[ru]|mac(intosh|roman)|cp-?(437|85\d|866))$/
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf])

export function isUtf8Name(encoding: string): boolean {
  return /^(utf-?8|(us-?)?ascii)$/.test(encoding)
}

/** @throws ConfigInvalid */
export function checkEncoding(encoding: string, sourceName: string): void {
  if (isUtf8Name(encoding) || iconv.encodingExists(encoding)) return
  throw new ConfigInvalid(
    `Source ${sourceName}: \`csv.encoding: ${encoding}\` is unknown.`,
    'Write it as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis or another name of the WHATWG list.',
  )
}

/** Bytes of any encoding as UTF-8, without a byte-order mark. */
export async function* decodeText(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  if (isUtf8Name(encoding)) return yield* withoutMark(chunks)
  const decoder = iconv.getDecoder(encoding)
  const keepsAscii = KEEPS_ASCII.test(encoding)
  const isUnicode = /^(utf|ucs)/.test(encoding)
  const halves = /^(utf-?16|ucs-?2)/.test(encoding)
  let bytes = 0
  let pending = ''
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (keepsAscii && isAscii(chunk)) yield chunk
    else {
      const text = pending + decoder.write(chunk)
      // The second half of a pair may come with the next piece.
      const cut = isUnicode && /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length
      pending = text.slice(cut)
      yield encode(text.slice(0, cut), isUnicode)
    }
  }
  yield encode(pending + (decoder.end() ?? ''), isUnicode)
  if (halves && bytes % 2 === 1) yield Buffer.of(NOT_DECODED)
}

function encode(text: string, isUnicode: boolean): Buffer {
  // A decoder writes the replacement character for what it cannot read; in Unicode it may stand there as itself.
  const isWhole = isUnicode ? text.isWellFormed() : !text.includes('\ufffd')
  if (isWhole) return Buffer.from(text)
  const pieces = text.split(isUnicode ? /\p{Surrogate}/u : '\ufffd')
  return Buffer.concat(
    pieces.flatMap((piece, index) => [...(index > 0 ? [Buffer.of(NOT_DECODED)] : []), Buffer.from(piece)]),
  )
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true
  for await (const chunk of chunks) {
    yield first && chunk.subarray(0, 3).equals(UTF8_MARK) ? chunk.subarray(3) : chunk
    first = false
  }
}
