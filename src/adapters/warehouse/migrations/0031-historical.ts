import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'
import { recutHistory } from './recut-history.ts'
import { shownMemberships, switches } from './shown-memberships.ts'

/**
 * Runs that fill in the past. The tables of what is and was shown know nothing of them: what such a run says otherwise lies beside, and the
 * history is cut open for it when it is read. Old workers may keep running; they
 * would let people roll back to what was filled in.
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
    'customer_segment_history',
    'Every period of membership; a row only where segment or holdout changed. Valid time is business time: it knows only the last revision of each as-of, what historical runs filled in, and nothing of runs that were rolled back. Published time is when consumers could see it.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment as it was when the period began.',
      valid_from: 'As-of of the run that began the period.',
      valid_to: 'As-of of the run that ended the period. Null: it lasts.',
      published_from: 'When consumers could first see the membership.',
      published_to:
        'When customer_segments ceased to show it. Null: it does. The same as published_from: a historical run filled it in, so that it was never shown as the present. What a replaced or undone run showed in between is in published_memberships.',
      run_key: 'The run that began the period.',
      move_reason:
        'Why the period began. Of what is left of a period after a cut by a historical run, why the whole began.',
      is_holdout: 'Whether the customer is kept out of activation during the period.',
    },
    recutHistory(switches),
  )

  await createCommentedView(
    db,
    'segment_events',
    'Who entered, left or moved with each run that was published. Customers that stayed have no row.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run that found the change; of a rollback the one that consumers see again.',
      revision: 'Revision of the run. A revision is compared with what was live, also with the revision it replaced.',
      as_of: 'The instant the run looked from.',
      customer_id: 'The customer, as in the source.',
      event: 'entered, left or moved.',
      from_segment_key: 'Segment before. Null: not present before.',
      to_segment_key: 'Segment after. Null: lost, or taken back.',
      move_reason: 'Why: rollback when an earlier run was brought back.',
      published_at: 'When consumers could see the change.',
      is_historical:
        'Whether the run filled in the past: what it found lies before what consumers saw then, and is told against the run before it by as-of.',
    },
    sql`
      with shown as (${shownMemberships}), switch as (${switches})
      select p.pipeline, p.run_key, p.revision, p.as_of, o.customer_id,
        case when e.customer_id is null then 'entered' else 'moved' end, e.segment_key, o.segment_key, o.move_reason,
        p.published_at, false
      from shown o
      join switch p on p.id = o.publication_id
      left join shown e
        on e.closing_publication_id = o.publication_id and e.pipeline = o.pipeline and e.customer_id = o.customer_id
      where e.segment_key is distinct from o.segment_key
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, e.customer_id, 'left', e.segment_key, null,
        case when p.is_rollback then 'rollback' else 'lost' end, p.published_at, false
      from shown e
      join switch p on p.id = e.closing_publication_id
      left join shown o
        on o.publication_id = e.closing_publication_id and o.pipeline = e.pipeline and o.customer_id = e.customer_id
      where o.customer_id is null
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, h.customer_id,
        case when h.from_segment_key is null then 'entered' when h.segment_key is null then 'left' else 'moved' end,
        h.from_segment_key, h.segment_key, h.move_reason, p.published_at, true
      from membership_historical h
      join publication p on p.id = h.publication_id
      where h.from_segment_key is distinct from h.segment_key`,
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
