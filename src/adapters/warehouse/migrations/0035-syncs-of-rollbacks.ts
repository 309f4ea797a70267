import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Which switch a sync tells of: a publication, or a return to one, which changes what destinations have to hear as well. Null: the
 * publication. Old workers may keep running: they tell of publications only, and what they leave out the next sync tells.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table destination_sync add column if not exists switch_id bigint`.execute(db)
}
