import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'
import { shownMemberships, switches } from './shown-memberships.ts'

/**
 * Returns to an earlier publication, and the catalogue of segments as each publication left it. Old workers may keep running: nobody can
 * return to what they publish.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists rollback (
      id bigint primary key,
      pipeline text not null,
      from_publication_id bigint not null references publication,
      to_publication_id bigint not null references publication,
      fencing_token bigint not null,
      actor text not null,
      reason text not null,
      rolled_back_at timestamptz not null
    )`.execute(db)
  await sql`alter table publication add column if not exists catalogue jsonb`.execute(db)
  await sql`
    update publication p set catalogue = (select jsonb_agg(to_jsonb(g)) from segment g where g.pipeline = p.pipeline)
    from pipeline l where l.publication_id = p.id and p.catalogue is null`.execute(db)
  // The same person may undo the same run twice for the same reason.
  await sql`alter table run_event add column if not exists fencing_token bigint not null default 0`.execute(db)
  await sql`
    alter table run_event drop constraint if exists run_event_pkey,
      add primary key (run_key, revision, event, actor, reason, temporal_run_id, fencing_token)`.execute(db)
  await createUniqueIndexes(db)

  await createCommentedView(
    db,
    'customer_segment_history',
    'Every period of membership; a row only where segment or holdout changed. Valid time is business time: it knows only the last revision of each as-of, and nothing of runs that were rolled back. Published time is when consumers could see it.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment as it was when the period began.',
      valid_from: 'As-of of the run that began the period.',
      valid_to: 'As-of of the run that ended the period. Null: it lasts.',
      published_from: 'When consumers could first see the membership.',
      published_to:
        'When consumers could no longer see it. Null: they can. What a replaced or undone run showed in between is in published_memberships.',
      run_key: 'The run that began the period.',
      move_reason: 'Why the period began.',
      is_holdout: 'Whether the customer is kept out of activation during the period.',
    },
    sql`
      select m.pipeline, m.customer_id, m.segment_key, n.name, m.valid_from, m.valid_to, p.published_at, q.published_at,
        p.run_key, m.move_reason, m.is_holdout
      from (
        select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, null::timestamptz as valid_to,
          publication_id, null::bigint as closing_publication_id
        from membership_open
        union all
        select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, valid_to, publication_id,
          closing_publication_id
        from membership_closed
      ) m
      join publication p on p.id = m.publication_id
      left join (${switches}) q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'published_memberships',
    'What customer_segments showed of each customer, and when, also of revisions that were replaced and of runs that were rolled back: at any instant at most one row a customer.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment in the publication that began to show it.',
      is_holdout: 'Whether the customer was shown as kept out of activation.',
      published_from: 'When consumers began to see it.',
      published_to: 'When they ceased to. Null: they see it now.',
      run_key: 'The run that began to show it.',
      revision: 'Revision of the run.',
      move_reason: 'Why: rollback when consumers were taken back to it.',
    },
    sql`
      select m.pipeline, m.customer_id, m.segment_key, n.name, m.is_holdout, p.published_at, q.published_at, p.run_key,
        p.revision, m.move_reason
      from (${shownMemberships}) m
      join (${switches}) p on p.id = m.publication_id
      left join (${switches}) q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = p.content_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'segment_events',
    'Who entered, left or moved with each run that consumers began to see. Customers that stayed have no row.',
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
    },
    sql`
      with shown as (${shownMemberships}), switch as (${switches})
      select p.pipeline, p.run_key, p.revision, p.as_of, o.customer_id,
        case when e.customer_id is null then 'entered' else 'moved' end, e.segment_key, o.segment_key, o.move_reason,
        p.published_at
      from shown o
      join switch p on p.id = o.publication_id
      left join shown e
        on e.closing_publication_id = o.publication_id and e.pipeline = o.pipeline and e.customer_id = o.customer_id
      where e.segment_key is distinct from o.segment_key
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, e.customer_id, 'left', e.segment_key, null,
        case when p.is_rollback then 'rollback' else 'lost' end, p.published_at
      from shown e
      join switch p on p.id = e.closing_publication_id
      left join shown o
        on o.publication_id = e.closing_publication_id and o.pipeline = e.pipeline and o.customer_id = e.customer_id
      where o.customer_id is null`,
  )
  await sql`comment on column runs.status is 'running, held, published (the result for its as-of, live or followed by later periods), superseded (was published; a newer revision of the same as-of is), rolled_back (was published, and taken back), rejected, failed, or cancelled (or terminated in Temporal).'`.execute(
    db,
  )
}

/** Postgres 14 has no unique constraint that takes nulls for equal, as schemas of earlier versions have them. */
async function createUniqueIndexes(db: Kysely<unknown>): Promise<void> {
  for (const [table, last] of [
    ['lineage_edge', sql`kind`],
    ['transition', sql`coalesce(move_reason, '')`],
  ] as const) {
    const { rows } = await sql<{ name: string }>`
      select conname as name from pg_constraint where conrelid = ${sql.lit(table)}::regclass and contype = 'u'`.execute(
      db,
    )
    for (const { name } of rows) await sql`alter table ${sql.id(table)} drop constraint ${sql.id(name)}`.execute(db)
    await sql`
      create unique index if not exists ${sql.id(`${table}_once`)} on ${sql.id(table)}
        (publication_id, coalesce(from_segment_key, ''), coalesce(to_segment_key, ''), ${last})`.execute(db)
  }
}
