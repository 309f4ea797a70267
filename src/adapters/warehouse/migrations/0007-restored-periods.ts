import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/**
 * Lets a revision restore a period that an earlier revision of the same as-of had ended: it goes on in business time, and is shown anew.
 * `restored_publication_id` is the publication that shows the period again, null where `publication_id` still does; `restored_reason` is
 * why. `membership_replaced` holds all that was shown and left no period behind. An old worker that ends a restored period forgets when
 * it was shown: stop old workers first.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['membership_open', 'membership_closed', 'membership_replaced'])
    await sql`alter table ${sql.id(table)} add column restored_publication_id bigint, add column restored_reason text`.execute(
      db,
    )
  // A publication ends at most one membership of a customer; one publication can begin several spans of the same period.
  await sql`alter table membership_replaced drop constraint membership_replaced_pkey,
    add primary key (pipeline, customer_id, closing_publication_id)`.execute(db)

  await createCommentedView(
    db,
    'customer_segment_history',
    'Every period of membership; a row only where segment or holdout changed. Valid time is business time and knows only the last revision of each as-of; published time is when consumers could see it.',
    {
      pipeline: 'The segmentation.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment.',
      segment_name: 'Name of the segment as it was when the period began.',
      valid_from: 'As-of of the run that began the period.',
      valid_to: 'As-of of the run that ended the period. Null: it lasts.',
      published_from: 'When consumers could first see the membership.',
      published_to:
        'When consumers could no longer see it. Null: they can. What a replaced revision showed in between is in published_memberships.',
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
      left join publication q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'published_memberships',
    'What customer_segments showed of each customer, and when, also of revisions that were replaced: at any instant at most one row a customer.',
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
      move_reason: 'Why.',
    },
    sql`
      select m.pipeline, m.customer_id, m.segment_key, n.name, m.is_holdout, p.published_at, q.published_at, p.run_key,
        p.revision, m.move_reason
      from (${shownMemberships}) m
      join publication p on p.id = m.publication_id
      left join publication q on q.id = m.closing_publication_id
      join publication_segment n on n.publication_id = m.publication_id and n.segment_key = m.segment_key`,
  )

  await createCommentedView(
    db,
    'segment_events',
    'Who entered, left or moved in each run. Customers that stayed have no row.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run that found the change.',
      revision: 'Revision of the run. A revision is compared with what was live, also with the revision it replaced.',
      as_of: 'The instant the run looked from.',
      customer_id: 'The customer, as in the source.',
      event: 'entered, left or moved.',
      from_segment_key: 'Segment before. Null: not present before.',
      to_segment_key: 'Segment after. Null: lost.',
      move_reason: 'Why.',
    },
    sql`
      with shown as (${shownMemberships})
      select p.pipeline, p.run_key, p.revision, p.as_of, o.customer_id,
        case when e.customer_id is null then 'entered' else 'moved' end, e.segment_key, o.segment_key, o.move_reason
      from shown o
      join publication p on p.id = o.publication_id
      left join shown e
        on e.closing_publication_id = o.publication_id and e.pipeline = o.pipeline and e.customer_id = o.customer_id
      where e.segment_key is distinct from o.segment_key
      union all
      select p.pipeline, p.run_key, p.revision, p.as_of, e.customer_id, 'left', e.segment_key, null, 'lost'
      from shown e
      join publication p on p.id = e.closing_publication_id
      left join shown o
        on o.publication_id = e.closing_publication_id and o.pipeline = e.pipeline and o.customer_id = e.customer_id
      where o.customer_id is null`,
  )
}

/** One row for each time a membership was shown without a break, with the publications that began and ended that. */
const shownMemberships = sql`
  select pipeline, customer_id, segment_key, is_holdout, coalesce(restored_reason, move_reason) as move_reason,
    coalesce(restored_publication_id, publication_id) as publication_id, null::bigint as closing_publication_id
  from membership_open
  union all
  select pipeline, customer_id, segment_key, is_holdout, coalesce(restored_reason, move_reason),
    coalesce(restored_publication_id, publication_id), closing_publication_id
  from membership_closed
  union all
  select pipeline, customer_id, segment_key, is_holdout, coalesce(restored_reason, move_reason),
    coalesce(restored_publication_id, publication_id), closing_publication_id
  from membership_replaced`
