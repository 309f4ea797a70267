import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

/** Creates or replaces a view of the contract, with a comment on it and on each of its columns, which the select must yield in this order. */
export async function createCommentedView(
  db: Kysely<unknown>,
  view: string,
  comment: string,
  columns: Readonly<Record<string, string>>,
  select: RawBuilder<unknown>,
): Promise<void> {
  const names = sql.join(Object.keys(columns).map((column) => sql.id(column)))
  await sql`create or replace view ${sql.id(view)} (${names}) as ${select}`.execute(db)
  await sql`comment on view ${sql.id(view)} is ${sql.lit(comment)}`.execute(db)
  for (const [column, text] of Object.entries(columns))
    await sql`comment on column ${sql.id(view, column)} is ${sql.lit(text)}`.execute(db)
}
