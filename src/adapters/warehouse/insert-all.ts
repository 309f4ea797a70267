import { sql, type RawBuilder } from 'kysely'

/** Postgres takes 65,535 parameters a statement; the widest row has 21. */
const ROWS_A_STATEMENT = 3_000

/** Inserts rows by as few statements as Postgres takes. */
export async function insertAll<R>(rows: readonly R[], insert: (part: R[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
    await insert(rows.slice(from, from + ROWS_A_STATEMENT))
}

/** For rows that are there already: all but `kept` becomes what the row says that came. */
export function asCame<Row extends object, Kept extends keyof Row & string>(
  row: Row,
  kept: readonly Kept[],
): Record<Exclude<keyof Row & string, Kept>, RawBuilder<never>> {
  const columns = Object.keys(row).filter((column) => !(kept as readonly string[]).includes(column))
  return Object.fromEntries(columns.map((column) => [column, sql.ref(`excluded.${column}`)])) as ReturnType<
    typeof asCame<Row, Kept>
  >
}
