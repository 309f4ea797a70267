const BLANK = 32
const TAB = 9

/**
 * Makes one blank of several between fields, and none at the ends of a line: columns aligned with blanks become fields. Blanks in quotes
 * stay.
 *
 * @param quote −1: fields are never quoted
 */
export async function* collapseBlanks(chunks: AsyncIterable<Buffer>, quote: number): AsyncGenerator<Buffer> {
  let atLineStart = true
  let blanksDue = false
  let inQuotes = false
  for await (const chunk of chunks) {
    // Each byte adds at most itself and one blank that was held back.
    const out = Buffer.allocUnsafe(chunk.length + 1)
    let length = 0
    for (const byte of chunk) {
      if (!inQuotes && (byte === BLANK || byte === TAB)) {
        blanksDue = !atLineStart
        continue
      }
      const isBreak = !inQuotes && (byte === 10 || byte === 13)
      if (blanksDue && !isBreak) out[length++] = BLANK
      blanksDue = false
      if (byte === quote) inQuotes = !inQuotes
      atLineStart = isBreak
      out[length++] = byte
    }
    yield out.subarray(0, length)
  }
}
