import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Up to which switch a sync tells: a publication, a return to one, or customers who were withdrawn from one. Null: the publication. Old workers
 * may keep running: they tell of publications only, and what they leave out the next sync tells.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table destination_sync add column if not exists switch_id bigint`.execute(db)
}
