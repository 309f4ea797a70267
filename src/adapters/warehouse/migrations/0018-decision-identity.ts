import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Keeps who sent a decision beside the name it claims, and says what superseded means of held runs. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run_event add column if not exists identity text`.execute(db)

  await createCommentedView(
    db,
    'run_events',
    'Who did what to a run, and why.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      event:
        'What was done: approved, rejected, live_model_used, reminded (nobody had decided yet), superseded (a later publication overtook the held run), terminated, ...',
      actor: 'Who did it, as the decision claims; the publication that superseded it; timeout.',
      reason: 'Why, in their words.',
      recorded_at: 'When it was recorded.',
      temporal_run_id: 'Temporal Run Id of the execution it was done to.',
      identity: 'Who sent the decision, as Temporal saw it. Null: nobody sent it, or nothing was said.',
    },
    sql`select r.pipeline, e.run_key, e.revision, e.event, e.actor, e.reason, e.recorded_at, e.temporal_run_id, e.identity
      from run_event e join run r using (run_key, revision)`,
  )

  await sql`comment on column runs.status is
    'running, held, published (the result for its as-of, live or followed by later periods), superseded (with published_at: was published, a newer revision of the same as-of is; without: was held when a later publication overtook it), rejected, failed, cancelled (or terminated in Temporal) or rolled_back.'`.execute(
    db,
  )
}
