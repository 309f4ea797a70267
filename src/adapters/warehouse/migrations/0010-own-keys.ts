import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Segments that last by definition, as those of rules do, are found again by a key of their own. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table segment add column if not exists own_key text`.execute(db)
  await sql`
    create unique index if not exists segment_own_key on segment (pipeline, own_key)
      where own_key is not null`.execute(db)
}
