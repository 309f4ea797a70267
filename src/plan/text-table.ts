/** Rows of a file or a table that people fill, every value as text. */
export interface TextTable {
  /** As they came, in their order. */
  readonly columns: readonly string[]
  /** By column. Null: nothing stands there. */
  readonly rows: readonly Readonly<Record<string, string | null>>[]
}
