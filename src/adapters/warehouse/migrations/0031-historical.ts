import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/**
 * Runs that fill in the past. The tables of what is and was shown know nothing of them: what such a run says otherwise lies beside, and the
 * history is cut open for it when it is read: the views that do so are made with those that know of withdrawals (0040). Old workers may keep
 * running; they would let people roll back to what was filled in.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['run', 'publication'])
    await sql`alter table ${sql.id(table)} add column if not exists is_historical boolean not null default false`.execute(
      db,
    )
  // One row a customer whom the run sees elsewhere than the run before it did, or than the live runs around it. Null: in no segment.
  await sql`
    create table if not exists membership_historical (
      pipeline text not null,
      publication_id bigint not null references publication,
      customer_id text not null,
      from_segment_key text,
      segment_key text,
      is_holdout boolean,
      move_reason text not null,
      differs boolean not null,
      primary key (pipeline, customer_id, publication_id)
    )`.execute(db)
  await sql`create index if not exists membership_historical_by_publication on membership_historical (publication_id)`.execute(
    db,
  )

  await createCommentedView(
    db,
    'runs',
    'Every run and revision, whatever became of it. is_live tells which one consumers see.',
    {
      run_key: 'The pipeline and the as-of date in its zone.',
      revision: 'Counts the reruns of a run key, from 1.',
      pipeline: 'The segmentation.',
      kind: 'refit (may form new segments), score (places customers with the live model) or adopted (segments made elsewhere, that the first run is compared with).',
      period: 'The period that the as-of closes.',
      as_of: 'The instant the run looks from; only rows strictly before it count.',
      status:
        'running, held, published (the result for its as-of, live or followed by later periods), superseded (was published; a newer revision of the same as-of is), rolled_back (was published, and taken back), rejected, failed, or cancelled (or terminated in Temporal).',
      verdict: 'Worst outcome of the gates. Null before validation.',
      counts: 'Rows in, rows out, rejected and seconds of each finished stage.',
      definition_hash: 'SHA-256 of the definition the run obeyed.',
      input_hash: 'Digest of the rows that were read. Null: not recorded.',
      seed: 'Seed of the clustering.',
      code_version: 'Version of resegment.',
      workflow_id: 'Temporal Workflow Id.',
      temporal_run_id: 'Temporal Run Id of the newest execution.',
      manifest_uri: 'Manifest of the published files. Null: none were published.',
      report_uri: 'The report. Null: none was written.',
      started_at: 'When the run was first recorded.',
      finished_at: 'When it ended. Null: it has not.',
      published_at: 'When consumers could see it. Null: never.',
      stale_after: 'When the next run should have replaced it. Null: no schedule says.',
      is_live: 'Whether customer_segments shows this run now: at most one of a pipeline.',
      is_historical: 'Whether the run fills in the past: once published it is in the history, and was never live.',
    },
    sql`select r.run_key, r.revision, r.pipeline, r.kind, r.period, r.as_of, r.status, r.verdict, r.counts, r.definition_hash,
      r.input_hash, r.seed, r.code_version, r.workflow_id, r.temporal_run_id, r.manifest_uri, r.report_uri, r.started_at,
      r.finished_at, r.published_at, r.stale_after, p.id is not null, r.is_historical
      from run r
      left join (pipeline l join publication p on p.id = l.publication_id)
        on l.name = r.pipeline and p.run_key = r.run_key and p.revision = r.revision`,
  )
}
