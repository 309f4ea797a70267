import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Keeps the definition behind each definition_hash, since Temporal forgets what runs were started with. Old workers may keep running: of their runs there is none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists definition (
      hash text primary key,
      document jsonb not null,
      kept_at timestamptz not null default now()
    )`.execute(db)
  await sql`comment on table definition is 'What runs.definition_hash is the hash of: pipeline, sources and connections as they were, secrets as names only.'`.execute(
    db,
  )
}
