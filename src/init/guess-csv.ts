import type { CsvOptions } from '../stages/extract/config.ts'

/** How the text of a file is laid out; only what differs from what is assumed. */
export type CsvGuess = Partial<Pick<CsvOptions, 'delimiter' | 'header' | 'encoding'>>

const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * @param text the beginning of a file, decoded
 * @param byExtension what is assumed without a word: a comma, or a tab for .tsv
 */
export function guessLayout(text: string, byExtension: string): CsvGuess {
  // What comes last may be cut.
  const lines = text.split(/\r\n|\n|\r/).slice(0, text.length < 1000 ? undefined : -1)
  const looked = lines.filter((line) => line.trim() !== '').slice(0, 50)
  const delimiter = guessDelimiter(looked)
  const fields = fieldsOf(looked[0] ?? '', delimiter)
  return {
    ...(delimiter === byExtension ? {} : { delimiter }),
    ...(isHeader(fields) ? {} : { header: false }),
  }
}

/** The mark that splits every line into the same number of fields, the most of them. */
function guessDelimiter(lines: readonly string[]): string {
  const fit = (delimiter: string): number => {
    const counts = lines.map((line) => fieldsOf(line, delimiter).length)
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 1
    return counts.filter((count) => count === usual).length >= 0.9 * counts.length ? usual : 1
  }
  const [best] = DELIMITERS.map((mark) => ({ mark, fields: fit(mark) })).sort((a, b) => b.fields - a.fields)
  if (best!.fields > 1) return best!.mark
  return fit(' ') > 1 ? ' ' : ','
}

function fieldsOf(line: string, delimiter: string): readonly string[] {
  if (delimiter === ' ') return line.trim().split(/[ \t]+/)
  return line.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(delimiter, ' ')).split(delimiter)
}

/** A line that names columns holds no figures and no dates. */
function isHeader(fields: readonly string[]): boolean {
  return (
    fields.every((field) => !/^"?[+-]?\d[\d.,:\s/-]*"?$/.test(field.trim())) && new Set(fields).size === fields.length
  )
}
