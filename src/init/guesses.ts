import type { SourceLocation } from '../stages/extract/config.ts'
import type { NumberMarks, SampledColumn } from './column-kind.ts'

/** A file or table as it was found. */
export interface LookedPlace {
  /** Of the source to be. */
  readonly name: string
  readonly from: SourceLocation
  /** Its columns have types of their own: a table, a Parquet file. */
  readonly isTyped: boolean
  readonly marks: NumberMarks
  readonly columns: readonly SampledColumn[]
  readonly sampledRows: number
  /** Rows of the sample, values in the order of the columns. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** A canonical column and what it is thought to be made of. */
export interface ColumnGuess {
  readonly column: string
  /** Name of a column, or an expression. */
  readonly from: string | { readonly sql: string }
  /** Columns of the source that `from` calculates with. */
  readonly types: Readonly<Record<string, 'integer' | 'decimal'>>
  readonly because: string
  /** A value of the sample, for the eyes of people alone; null for expressions. */
  readonly example: string | null
}

export interface SourceGuess {
  readonly place: LookedPlace
  readonly role: 'transactions' | 'customers' | 'lookup'
  readonly columns: readonly ColumnGuess[]
  readonly lookups: readonly { readonly source: string; readonly on: string; readonly columns: readonly string[] }[]
  /** Orders have no number of their own: what a customer buys on one day counts as one. */
  readonly hasMadeOrders: boolean
}

export function guessOf(guess: Pick<SourceGuess, 'columns'>, column: string): ColumnGuess | undefined {
  return guess.columns.find((one) => one.column === column)
}
