import { isUtf8 } from 'node:buffer'
import { extname } from 'node:path'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import { SourceUnreadable } from '../../errors/source-unreadable.ts'
import type { CsvOptions } from '../../stages/extract/config.ts'
import { recordEnd, type RecordShape } from './record-end.ts'
import { excerptOf } from './unreadable-file.ts'

/** How the text of a CSV file is to be read. */
export interface CsvDialect {
  readonly delimiter: string
  /** Empty: fields are never quoted. */
  readonly quote: string
  readonly header: boolean | readonly string[]
  readonly skipLines: number
  /** As the project wrote it, in lower case. */
  readonly encoding: string
  readonly nulls: readonly string[]
}

export function dialectOf(path: string, csv: Partial<CsvOptions> = {}, sourceName: string): CsvDialect {
  const byExtension = extname(path.replace(/\.gz$/i, '')).toLowerCase() === '.tsv' ? '\t' : ','
  const { delimiter = byExtension, quote = '"', header = true, skipLines = 0, encoding = 'utf-8', nulls = [] } = csv
  if (Buffer.byteLength(quote) > 1)
    throw new ConfigInvalid(
      `Source ${sourceName}: \`csv.quote: ${quote}\` is not an ASCII character.`,
      'Name the character that quotes fields, or write an empty text when none does.',
    )
  return { delimiter, quote, header, skipLines, encoding: encoding.toLowerCase(), nulls }
}

export function shapeOf({ delimiter, quote }: CsvDialect): RecordShape {
  return { delimiter: Buffer.from(delimiter), quote: quote === '' ? -1 : quote.charCodeAt(0) }
}

/** The fields of a record as texts; for headers and for looks at a few rows. */
export function splitRecord(record: Buffer, dialect: CsvDialect): readonly string[] {
  const shape = shapeOf(dialect)
  const fields: string[] = []
  let from = 0
  for (let at = 0; at <= record.length; at++) {
    // A field ends where the record up to there has one field more when a delimiter follows.
    const atEnd = at === record.length
    if (!atEnd && !record.subarray(at, at + shape.delimiter.length).equals(shape.delimiter)) continue
    const piece = record.subarray(from, at)
    if (!atEnd && recordEnd(piece, 0, shape).inQuotes) continue
    fields.push(unquote(piece.toString(), dialect.quote))
    from = at + shape.delimiter.length
    at = from - 1
  }
  return fields
}

function unquote(text: string, quote: string): string {
  const bare = text.trim()
  const quoted = quote !== '' && bare.length >= 2 && bare.startsWith(quote) && bare.endsWith(quote)
  return quoted ? bare.slice(1, -1).replaceAll(quote + quote, quote) : text
}

/** Names of the columns that a first record has. A column without a name gets one by its place, counted from 1. */
export function headerNames(record: Buffer, dialect: CsvDialect, place: string, sourceName: string): readonly string[] {
  if (!isUtf8(record) || record.includes(0))
    throw new SourceUnreadable(
      `Source ${sourceName}: ${place}, which names the columns, is no text in ${dialect.encoding}: "${excerptOf(record)}".`,
      'Set `csv: { encoding: … }` to the encoding of the file: windows-1252, utf-16le, ….',
    )
  const names = splitRecord(record, dialect).map((name, index) => name.trim() || `column${index + 1}`)
  const other = names.length === 1 && dialect.quote !== '' ? /[;\t|,]/.exec(names[0]!)?.[0] : undefined
  if (other)
    throw new SourceUnreadable(
      `Source ${sourceName}: ${place} has one field, "${excerptOf(record)}", with ${JSON.stringify(dialect.delimiter)} as the delimiter.`,
      `Set \`csv: { delimiter: ${JSON.stringify(other)} }\` in its \`from\`.`,
    )
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new SourceUnreadable(
      `Source ${sourceName}: ${place} calls two columns "${twice}".`,
      `Name all ${names.length} columns yourself: \`csv: { header: [...], skipLines: ${dialect.skipLines + 1} }\`.`,
    )
  return names
}

export function namesByPlace(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `column${index + 1}`)
}
