/** A text as a literal: `'it''s'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name of a column or table, whatever is in it. Postgres writes names and literals in the same way. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Names of columns, as a list. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(', ')
}

/** The rows of Parquet files. */
export function readParquet(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteText).join(', ')}])`
}

/** ISO 8601 UTC as the engine's zoneless timestamp, in which all instants of artifacts are. */
export function timestamp(iso: string): string {
  return `timestamp ${quoteText(iso.replace('T', ' ').replace('Z', ''))}`
}

/** Expressions with their names, as the list of a select; something to count rows by where there are none. */
export function selectNamed(columns: Readonly<Record<string, string>>): string {
  const named = Object.entries(columns).map(([name, expression]) => `${expression} AS ${quoteName(name)}`)
  return named.length === 0 ? '0 AS nothing' : named.join(', ')
}
