const LF = 10
const CR = 13
const BLANK = 32

export type LineBreak = '\n' | '\r\n' | '\r'

/** The bytes that give a record its shape. */
export interface RecordShape {
  /** Empty: a record is one field. */
  readonly delimiter: Buffer
  /** −1: fields are never quoted. */
  readonly quote: number
}

export interface RecordEnd {
  /** Where the record's bytes end, without the line break. */
  readonly contentEnd: number
  /** Where the next record begins. */
  readonly next: number
  readonly fields: number
  /** Line breaks in the record, the last one included. */
  readonly lines: number
  readonly lineBreak: LineBreak | undefined
  /** False: the data end before the record does. */
  readonly complete: boolean
  readonly inQuotes: boolean
  /** Blanks stand before an opening or after a closing quote. */
  readonly padded: boolean
  readonly problem?: string
}

/**
 * The end of the record at `from`, byte by byte, as the engine reads it: blanks may stand before an opening and after a closing quote; a
 * quote inside an unquoted field is itself; a line ends with LF, CR LF or CR.
 */
export function recordEnd(data: Buffer, from: number, { delimiter, quote }: RecordShape): RecordEnd {
  const first = delimiter.length > 0 ? delimiter[0]! : -1
  let fields = 1
  let lines = 0
  let at = from
  let inQuotes = false
  let problem: string | undefined
  let padded = false
  let atStart = true
  for (;;) {
    if (at >= data.length)
      return {
        contentEnd: at,
        next: at,
        fields,
        lines,
        lineBreak: undefined,
        complete: false,
        inQuotes,
        padded,
        problem,
      }
    const byte = data[at]!
    if (inQuotes) {
      if (byte === quote) {
        if (data[at + 1] === quote) at += 2
        else {
          inQuotes = false
          at++
          const closed = at
          while (data[at] === BLANK && first !== BLANK) at++
          padded ||= at > closed
          const after = data[at]
          if (after !== undefined && after !== LF && after !== CR && !isDelimiter(data, at, delimiter))
            problem ??= 'has text after a closing quote'
        }
        continue
      }
      if (byte === LF || (byte === CR && data[at + 1] !== LF)) lines++
      at++
      continue
    }
    if (byte === LF || byte === CR) {
      const lineBreak: LineBreak = byte === LF ? '\n' : data[at + 1] === LF ? '\r\n' : '\r'
      // A CR at the very end may be the first half of a CR LF.
      const complete = byte === LF || at + 1 < data.length
      const next = at + lineBreak.length
      return { contentEnd: at, next, fields, lines: lines + 1, lineBreak, complete, inQuotes, padded, problem }
    }
    if (byte === first && isDelimiter(data, at, delimiter)) {
      fields++
      at += delimiter.length
      atStart = true
      continue
    }
    if (atStart && byte === quote) {
      inQuotes = true
      padded ||= data[at - 1] === BLANK && at > from && first !== BLANK
    }
    if (byte !== BLANK) atStart = false
    at++
  }
}

/** The end of the line at `from`, whatever quotes it holds. */
export function lineEnd(data: Buffer, from: number): RecordEnd {
  const feed = data.indexOf(LF, from)
  const upToFeed = data.subarray(from, feed < 0 ? data.length : feed)
  const carriage = upToFeed.indexOf(CR)
  const contentEnd = from + (carriage < 0 ? upToFeed.length : carriage)
  const lineBreak = contentEnd === feed ? '\n' : contentEnd + 1 === feed ? '\r\n' : '\r'
  const complete = contentEnd === feed || contentEnd + 1 < data.length
  const known = contentEnd < data.length ? lineBreak : undefined
  const next = contentEnd + (known?.length ?? 0)
  const lines = known ? 1 : 0
  return { contentEnd, next, fields: 1, lines, lineBreak: known, complete, inQuotes: false, padded: false }
}

/** The record without blanks around its quotes: the engine loses its way there when a line break is quoted. */
export function withoutPadding(record: Buffer, { delimiter, quote }: RecordShape): Buffer {
  const out = Buffer.allocUnsafe(record.length)
  let length = 0
  let fieldStart = 0
  let inQuotes = false
  let closed = false
  for (let at = 0; at < record.length; at++) {
    const byte = record[at]!
    const isQuote = byte === quote
    if (isQuote && inQuotes && record[at + 1] === quote) out[length++] = record[at++]!
    else if (isQuote && inQuotes) {
      inQuotes = false
      closed = true
    } else if (isQuote && !closed && out.subarray(fieldStart, length).every((before) => before === BLANK)) {
      inQuotes = true
      length = fieldStart
    } else if (!inQuotes && isDelimiter(record, at, delimiter)) {
      for (const part of delimiter) out[length++] = part
      at += delimiter.length - 1
      fieldStart = length
      closed = false
      continue
    } else if (closed && byte === BLANK) continue
    out[length++] = byte
  }
  return out.subarray(0, length)
}

function isDelimiter(data: Buffer, at: number, delimiter: Buffer): boolean {
  if (delimiter.length === 0) return false
  for (let index = 0; index < delimiter.length; index++) if (data[at + index] !== delimiter[index]) return false
  return true
}

/** Kinds of bytes in `evenRun`; only the odd ones end a field. */
const ORDINARY = 0
const ENDS_FIELD = 1
const ENDS_LINE = 3

/**
 * Passes over records that are as they should be, fast: most of a file. Made for one shape; it gives up at anything else, which
 * `recordEnd` then judges.
 */
export class EvenRun {
  private readonly kinds = new Uint8Array(256).fill(ORDINARY)
  private readonly quote: number
  private readonly fieldCount: number
  private readonly crlf: boolean
  /** Records passed by the last call, and their lines. */
  records = 0
  lines = 0

  constructor({ delimiter, quote }: RecordShape, fieldCount: number, lineBreak: LineBreak) {
    if (delimiter.length > 0) this.kinds[delimiter[0]!] = ENDS_FIELD
    this.kinds[LF] = ENDS_LINE
    this.kinds[CR] = ENDS_LINE
    this.quote = quote
    this.fieldCount = fieldCount
    this.crlf = lineBreak === '\r\n'
  }

  /** @returns where the first record begins that was not passed */
  pass(data: Uint8Array, from: number): number {
    const { kinds, quote, fieldCount, crlf } = this
    // Nothing behind the last line break can end a record; what is before it needs no look at the end of the data.
    const limit = data.lastIndexOf(LF) + 1
    const blank = kinds[BLANK] === ORDINARY ? BLANK : -1
    let start = from
    let at = from
    let fields = 1
    let records = 0
    let lines = 0
    let innerLines = 0
    while (at < limit) {
      let byte = data[at]!
      if (byte === blank) {
        let ahead = at
        while (data[ahead] === blank) ahead++
        if (data[ahead] === quote) break
      }
      if (byte === quote) {
        at++
        for (; at < limit; at++) {
          byte = data[at]!
          if (byte > quote) continue
          if (byte === quote) {
            if (data[at + 1] !== quote) break
            at++
          } else if (byte === LF || (byte === CR && data[at + 1] !== LF)) innerLines++
        }
        at++
        if (at >= limit || kinds[data[at]!] === ORDINARY) break
      }
      while (kinds[data[at]!]! === ORDINARY) at++
      byte = data[at]!
      if (kinds[byte] === ENDS_FIELD) {
        fields++
        at++
        continue
      }
      if (fields !== fieldCount || at === start) break
      if (byte === CR) {
        if (!crlf || data[at + 1] !== LF) break
        at++
      } else if (crlf) break
      at++
      records++
      lines += innerLines + 1
      innerLines = 0
      fields = 1
      start = at
    }
    this.records = records
    this.lines = lines
    return start
  }
}
