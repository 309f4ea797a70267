import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'
import { shownMemberships } from './shown-memberships.ts'

/**
 * Customers who are not to be segmented, customers who are being erased, and what became of that. Old workers must be stopped first: they
 * would publish whom they do not know to be suppressed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // own_key: made when the environment gives none.
  await sql`
    create table if not exists privacy_key (
      only_row boolean primary key default true check (only_row),
      fingerprint text not null,
      own_key bytea
    )`.execute(db)

  // Keyed hashes only: whom it names nobody can read. pipeline null: every pipeline.
  await sql`
    create table if not exists suppression (
      customer_hash bytea not null,
      pipeline text,
      kind text not null check (kind in ('erased', 'objection')),
      since timestamptz not null default clock_timestamp(),
      actor text not null,
      reason text not null,
      request_id text not null,
      undone_at timestamptz,
      undone_by text,
      check (kind = 'objection' or undone_at is null)
    )`.execute(db)
  await sql`
    create unique index if not exists suppression_in_force on suppression (customer_hash, coalesce(pipeline, ''), kind)
    where undone_at is null`.execute(db)

  // A switch as publications and returns are: consumers cease to see some customers.
  await sql`
    create table if not exists withdrawal (
      id bigint primary key,
      pipeline text not null,
      publication_id bigint not null references publication,
      customers bigint not null check (customers > 0),
      fencing_token bigint not null,
      withdrawn_at timestamptz not null
    )`.execute(db)

  await sql`
    create table if not exists erasure (
      request_id text primary key,
      customer_hashes bytea[] not null,
      actor text not null,
      reason text not null,
      asked_at timestamptz not null default clock_timestamp(),
      due_at timestamptz not null,
      finished_at timestamptz,
      stores jsonb not null default '[]',
      remarks text[] not null default '{}'
    )`.execute(db)
  // Raw ids, for as long as an erasure takes.
  await sql`
    create table if not exists erasure_subject (
      request_id text not null references erasure,
      customer_id text not null,
      primary key (request_id, customer_id)
    )`.execute(db)

  await sql`alter table publication add column if not exists left_out bigint not null default 0`.execute(db)
  await createViews(db)
}

/** As `switches`, with those that withdraw customers, and the reason for which customers leave with each. */
const switchesWithWithdrawals = sql`
  select id, id as content_id, pipeline, run_key, revision, as_of, published_at, 'lost'::text as left_reason
  from publication
  union all
  select r.id, p.id, p.pipeline, p.run_key, p.revision, p.as_of, r.rolled_back_at, 'rollback'
  from rollback r join publication p on p.id = r.to_publication_id
  union all
  select w.id, p.id, p.pipeline, p.run_key, p.revision, p.as_of, w.withdrawn_at, 'withdrawn'
  from withdrawal w join publication p on p.id = w.publication_id`

async function createViews(db: Kysely<unknown>): Promise<void> {
  await createCommentedView(
    db,
    'customer_segment_history',
    'Every period of membership; a row only where segment or holdout changed. Valid time is business time: it knows only the last revision of each as-of, and nothing of runs that were rolled back. Published time is when consumers could see it. Customers who were erased have none.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment as it was when the period began.',
      valid_from: 'As-of of the run that began the period.',
      valid_to:
        'As-of of the run that ended the period; of customers who were withdrawn that of the run that was live. Null: it lasts.',
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
      left join (${switchesWithWithdrawals}) q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'published_memberships',
    'What customer_segments showed of each customer, and when, also of revisions that were replaced and of runs that were rolled back: at any instant at most one row a customer. Customers who were erased have none.',
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
      join (${switchesWithWithdrawals}) p on p.id = m.publication_id
      left join (${switchesWithWithdrawals}) q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = p.content_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'segment_events',
    'Who entered, left or moved with each run that consumers began to see, and who was withdrawn. Customers that stayed have no row, nor have those who were erased.',
    {
      pipeline: 'The segmentation.',
      run_key:
        'The run that found the change; of a rollback the one that consumers see again; of a withdrawal the one that was live.',
      revision: 'Revision of the run. A revision is compared with what was live, also with the revision it replaced.',
      as_of: 'The instant the run looked from.',
      customer_id: 'The customer, as in the source.',
      event: 'entered, left or moved.',
      from_segment_key: 'Segment before. Null: not present before.',
      to_segment_key: 'Segment after. Null: lost, taken back, or withdrawn.',
      move_reason: 'Why: rollback when an earlier run was brought back, withdrawn when the customer objected.',
      published_at: 'When consumers could see the change.',
    },
    sql`
      with shown as (${shownMemberships}), switch as (${switchesWithWithdrawals})
      select p.pipeline, p.run_key, p.revision, p.as_of, o.customer_id,
        case when e.customer_id is null then 'entered' else 'moved' end, e.segment_key, o.segment_key, o.move_reason,
        p.published_at
      from shown o
      join switch p on p.id = o.publication_id
      left join shown e
        on e.closing_publication_id = o.publication_id and e.pipeline = o.pipeline and e.customer_id = o.customer_id
      where e.segment_key is distinct from o.segment_key
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, e.customer_id, 'left', e.segment_key, null, p.left_reason,
        p.published_at
      from shown e
      join switch p on p.id = e.closing_publication_id
      left join shown o
        on o.publication_id = e.closing_publication_id and o.pipeline = e.pipeline and o.customer_id = e.customer_id
      where o.customer_id is null`,
  )

  await createCommentedView(
    db,
    'erasures',
    'Requests to forget customers, and what became of them: the evidence. Nobody is named.',
    {
      request_id: 'Id of the request, also in the Workflow Id of its erasure.',
      customers: 'How many customers it is about.',
      asked_at: 'When it was asked for.',
      asked_by: 'Who asked for it.',
      reason: 'Why, as it was given.',
      due_at: 'Until when it has to be done: a month after it was asked for.',
      finished_at: 'When everything was erased and looked through again. Null: that is still to be done.',
      stores: 'What was erased where: store, rows, places.',
      remarks: 'What else there is to know, such as destinations that did not hear of it in time.',
    },
    sql`select request_id, cardinality(customer_hashes)::bigint, asked_at, actor, reason, due_at, finished_at, stores, remarks
      from erasure`,
  )
}
