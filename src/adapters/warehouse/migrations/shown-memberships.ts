import { sql } from 'kysely'

/**
 * Whatever changed what consumers see, with when: publications, and returns to one. `content_id` is the publication that they see from then
 * on. Membership tables name either by `id`: both are of one sequence.
 */
export const switches = sql`
  select id, id as content_id, pipeline, run_key, revision, as_of, published_at, false as is_rollback
  from publication
  union all
  select r.id, p.id, p.pipeline, p.run_key, p.revision, p.as_of, r.rolled_back_at, true
  from rollback r join publication p on p.id = r.to_publication_id`

/** One row for each time a membership was shown without a break, with the switches that began and ended that. */
export const shownMemberships = sql`
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
