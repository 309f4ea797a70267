import type { Kysely } from 'kysely'
import { sql } from 'kysely'

const SAID: Readonly<Record<string, string>> = {
  rule_sql: 'The same as a condition over the columns of features. Null: there is no rule.',
  lineage_overlap:
    'Jaccard overlap with the first of these among customers present in both, 0 to 1. Null: how it came to be is not known.',
  lineage_run_key: 'The run that found so. Null: none did.',
}

/** Says of every column of a view that can be null that it can. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [column, comment] of Object.entries(SAID))
    await sql`comment on column ${sql.id('segments', column)} is ${sql.lit(comment)}`.execute(db)
  await sql`comment on column data_quality.share is ${sql.lit(
    'Of a rule: matched rows of those that came in. Of a column: rows without a value. 0 to 1. Null: no rows.',
  )}`.execute(db)
}
