import { isUtf8 } from 'node:buffer'
import { EvenRun, lineEnd, recordEnd, withoutPadding, type LineBreak, type RecordShape } from './record-end.ts'

const LF = 10
const CR = 13

/** Longer records are no rows: what keeps memory bounded when a quote is never closed. */
export const LARGEST_RECORD_BYTES = 16 * 2 ** 20

export interface ScannerOptions {
  readonly shape: RecordShape
  /** Name of the encoding that the bytes were in before they came here as UTF-8, for messages. */
  readonly encoding: string
  /** Lines before the first record that do not count. */
  readonly skipLines: number
  /** Takes the first record, which is no row, and says how many fields the others have. Absent: `fieldCount` says it. */
  readonly header?: (record: Buffer, line: number) => number
  /** Fields of a record; null: any number, as in JSON lines. Without both, the first record decides. */
  readonly fieldCount?: number | null
  /** What else may be wrong with a record that has its shape. */
  readonly check?: (record: Buffer) => string | undefined
  readonly onUnreadable: (line: number, problem: string, record: Buffer) => void
  /** Gets every readable record, slowly: for a look at a few. */
  readonly onRecord?: (record: Buffer, line: number) => void
}

/**
 * Counts the records of a text by its bytes, apart from the engine, and finds those that are no rows, with their lines. A record whose quotes
 * are broken is taken to be its first line alone: what follows is looked at anew.
 */
export class RecordScanner {
  private readonly options: ScannerOptions
  private fieldCount: number | null | undefined
  private headerDue: boolean
  private linesToSkip: number
  /** Pieces of the record that has not come to its end. */
  private carried: Buffer[] = []
  private carriedBytes = 0
  /** The rest of the current line belongs to a record that was too long. */
  private inTail = false
  /** Line breaks as most records end. */
  mainBreak: LineBreak | undefined
  private output: Buffer[] | undefined
  private evenRun: EvenRun | undefined
  /** Line of the next record, counted from 1. */
  line = 1
  /** Readable records, the header not among them. */
  records = 0
  unreadable = 0
  /** The engine would not read the same records from these bytes. */
  uneven = false
  bytes = 0

  /** @param keeping collects what is readable, for `takeKept` */
  constructor(options: ScannerOptions, keeping: boolean) {
    this.options = options
    this.fieldCount = options.fieldCount
    this.headerDue = options.header !== undefined
    this.linesToSkip = options.skipLines
    if (keeping) this.output = []
    if (options.skipLines > 0) this.uneven = true
  }

  /** Fields of the records; 0 when nothing told. */
  get columnCount(): number {
    return this.fieldCount ?? 0
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length
    this.carried.push(chunk)
    this.carriedBytes += chunk.length
    // Without a line break nothing comes to an end: long records are put together once.
    const endsNothing = this.carried.length > 1 && !chunk.includes(LF) && !chunk.includes(CR)
    if (!endsNothing || this.carriedBytes > LARGEST_RECORD_BYTES) this.scan(false)
  }

  end(): void {
    if (this.carriedBytes > 0) this.scan(true)
  }

  /** Readable records since the last call, each with its line break. */
  takeKept(): readonly Buffer[] {
    const kept = this.output ?? []
    if (this.output) this.output = []
    return kept
  }

  private scan(isLast: boolean): void {
    const data = this.carried.length === 1 ? this.carried[0]! : Buffer.concat(this.carried)
    const { shape } = this.options
    // No byte of a longer character is a line break, so the piece is cut between characters.
    const whole = isLast ? data : data.subarray(0, Math.max(data.lastIndexOf(LF), data.lastIndexOf(CR)) + 1)
    const suspicious = whole.includes(0) || !isUtf8(whole)
    let at = 0
    let keptFrom = 0
    while (at < data.length) {
      const passed = suspicious ? at : this.passEven(data, at)
      if (passed > at) {
        at = passed
        continue
      }
      const end = this.linesToSkip > 0 || this.inTail ? lineEnd(data, at) : recordEnd(data, at, shape)
      if (!end.complete && !isLast && !this.inTail && data.length - at <= LARGEST_RECORD_BYTES) break
      const tooLong = end.contentEnd - at > LARGEST_RECORD_BYTES
      const broken = end.problem !== undefined || tooLong || (!end.complete && end.inQuotes)
      const stop = broken ? lineEnd(data, at) : end
      const keep = this.take(data, at, stop, broken ? brokenBy(end, tooLong) : undefined, suspicious)
      const isMain = stop.lineBreak === (this.mainBreak ??= stop.lineBreak ?? undefined)
      if (!isMain && stop.lineBreak) this.uneven = true
      if (end.padded) this.uneven = true
      if (this.output && !(keep && isMain && !end.padded)) {
        if (at > keptFrom) this.output.push(data.subarray(keptFrom, at))
        if (keep) {
          const record = data.subarray(at, stop.contentEnd)
          this.output.push(end.padded ? withoutPadding(record, shape) : record, Buffer.from(this.mainBreak ?? '\n'))
        }
        keptFrom = stop.next
      }
      this.inTail = !stop.complete && !isLast
      at = stop.next
    }
    if (this.output && at > keptFrom) this.output.push(data.subarray(keptFrom, at))
    this.carriedBytes = data.length - at
    this.carried = this.carriedBytes > 0 ? [data.subarray(at)] : []
  }

  /** @returns where the first record begins that needs a closer look */
  private passEven(data: Buffer, from: number): number {
    const { shape, check, onRecord } = this.options
    if (check || onRecord || shape.delimiter.length > 1 || this.headerDue || this.linesToSkip > 0 || this.inTail)
      return from
    if (this.fieldCount === undefined || this.fieldCount === null || this.mainBreak === undefined) return from
    const run = (this.evenRun ??= new EvenRun(shape, this.fieldCount, this.mainBreak))
    const at = run.pass(data, from)
    this.records += run.records
    this.line += run.lines
    return at
  }

  /** @returns whether the record is a row */
  private take(
    data: Buffer,
    from: number,
    end: RecordEndOf,
    problem: string | undefined,
    suspicious: boolean,
  ): boolean {
    const { line } = this
    this.line += end.lines
    if (this.inTail) return false
    if (this.linesToSkip > 0) {
      this.linesToSkip--
      return false
    }
    if (end.contentEnd === from) {
      // An empty line is no record, but the engine takes it for one where there is a single column.
      this.uneven ||= this.headerDue || this.fieldCount === 1 || this.fieldCount === null
      return false
    }
    const record = data.subarray(from, end.contentEnd)
    if (this.headerDue) {
      this.headerDue = false
      this.fieldCount = this.options.header!(record, line)
      return false
    }
    const wrong = problem ?? this.problemOf(record, end.fields, suspicious)
    if (wrong !== undefined) {
      this.unreadable++
      this.options.onUnreadable(line, wrong, record)
      return false
    }
    this.records++
    this.options.onRecord?.(record, line)
    return true
  }

  private problemOf(record: Buffer, fields: number, suspicious: boolean): string | undefined {
    if (suspicious && record.includes(0)) return 'holds a NUL byte'
    if (suspicious && !isUtf8(record)) return `holds bytes that are no ${this.options.encoding}`
    if (this.fieldCount === undefined) this.fieldCount = fields
    if (this.fieldCount !== null && fields !== this.fieldCount)
      return `has ${fields} ${fields === 1 ? 'field' : 'fields'} instead of ${this.fieldCount}`
    return this.options.check?.(record)
  }
}

type RecordEndOf = ReturnType<typeof recordEnd>

function brokenBy(end: RecordEndOf, tooLong: boolean): string {
  if (end.problem !== undefined) return end.problem
  if (end.inQuotes) return 'opens a quote that is never closed'
  return tooLong ? `is longer than ${LARGEST_RECORD_BYTES / 2 ** 20} MiB` : ''
}
