import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Segments that were made elsewhere can be the first publication. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run drop constraint run_kind_check`.execute(db)
  await sql`alter table run add constraint run_kind_check check (kind in ('refit', 'score', 'adopted'))`.execute(db)
  await sql`comment on column runs.kind is 'refit (may form new segments), score (places customers with the live model) or adopted (segments made elsewhere, that the first run is compared with).'`.execute(
    db,
  )
}
