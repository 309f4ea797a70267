import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * How many customers a destination was told of whom the ledger keeps no longer, so that counts stay what they were. Old workers may keep
 * running: they sweep nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table destination_sync add column if not exists swept_effects bigint not null default 0`.execute(db)
  // The columns keep their comments.
  await sql`
    create or replace view destination_syncs (pipeline, run_key, revision, destination, kind, state, effects, sent, pending, failed,
      attempts, last_error, workflow_id, started_at, finished_at) as
    select s.pipeline, p.run_key, p.revision, s.destination, s.kind, s.state, count(e.customer_hash) + s.swept_effects,
      count(*) filter (where e.state = 'sent') + s.swept_effects, count(*) filter (where e.state = 'pending'),
      count(*) filter (where e.state = 'failed'), coalesce(max(e.attempts), 0), s.last_error, s.workflow_id, s.started_at,
      s.finished_at
    from destination_sync s
    join publication p on p.id = s.publication_id
    left join destination_effect e on e.sync_id = s.id
    group by s.id, p.id`.execute(db)
}
