import { quoteText } from '../sql/sql-text.ts'
import { compileGuess, readGuess } from '../stages/extract/guess-format.ts'

/** SQL that tells by which formats the engine reads all of these values. */
export function compileFormats(values: readonly string[]): string {
  return compileGuess(
    `SELECT * FROM (VALUES ${values.map((value) => `(${quoteText(value)})`).join(', ')}) AS t(sample)`,
  )
}

/** @returns the formats; two when nobody can tell day from month */
export function readFormats(row: Readonly<Record<string, unknown>>): readonly string[] {
  return readGuess(row)
}
