import type { SourceRole } from '../run/data-roles.ts'
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
  /** Of a column without a meaning of its own in the role; absent: text. */
  readonly type?: 'integer' | 'decimal'
  /** Columns of the source that `from` calculates with. */
  readonly types: Readonly<Record<string, 'integer' | 'decimal'>>
  readonly because: string
  /** A value of the sample, for the eyes of people alone; null for expressions. */
  readonly example: string | null
}

/** What a place may be to a pipeline: a role, something that others look values up in, or nothing. */
export type GuessedRole = SourceRole | 'lookup' | 'none'

export interface LookupGuess {
  readonly source: string
  readonly on: string
  readonly columns: readonly string[]
}

export interface SourceGuess {
  /** Of the source: that of its place, unless one place makes two sources. */
  readonly name: string
  readonly place: LookedPlace
  readonly role: GuessedRole
  readonly because: string
  readonly columns: readonly ColumnGuess[]
  readonly lookups: readonly LookupGuess[]
  /** Orders have no number of their own: what a customer buys on one day counts as one. */
  readonly hasMadeOrders: boolean
  /** Column that says when a row became known; of several rows of a customer the latest counts. */
  readonly recordedAt?: string
}

export function guessOf(guess: Pick<SourceGuess, 'columns'>, column: string): ColumnGuess | undefined {
  return guess.columns.find((one) => one.column === column)
}

export function hasColumn({ columns, lookups }: Pick<SourceGuess, 'columns' | 'lookups'>, column: string): boolean {
  return columns.some((guess) => guess.column === column) || lookups.some((lookup) => lookup.columns.includes(column))
}

/** Whether every sampled row has another value; not one of an empty place. */
export function isUnique({ columns }: LookedPlace, from: unknown): boolean {
  const values = columns.find(({ name }) => name === from)?.values
  return values !== undefined && values.length > 0 && new Set(values).size === values.length
}
