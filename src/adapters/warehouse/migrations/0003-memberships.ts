import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * Memberships as periods: open ones, closed ones, and each run's values in a partition of its own. Exclusion constraints would cost
 * minutes at a million rows; the publishing transaction asserts instead that the periods of the customers it touches do not overlap.
 * Old workers may keep running.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table membership_open (
      pipeline text not null,
      customer_id text not null,
      segment_key text not null,
      is_holdout boolean not null,
      move_reason text not null,
      valid_from timestamptz not null,
      publication_id bigint not null,
      primary key (pipeline, customer_id)
    )`.execute(db)

  await sql`
    create table membership_closed (
      pipeline text not null,
      customer_id text not null,
      segment_key text not null,
      is_holdout boolean not null,
      move_reason text not null,
      valid_from timestamptz not null,
      valid_to timestamptz not null,
      publication_id bigint not null,
      closing_publication_id bigint not null,
      primary key (pipeline, customer_id, valid_from),
      check (valid_to > valid_from)
    )`.execute(db)

  // A revision with the same as-of replaces a period that never lasted: no history, but the events of both revisions stay.
  await sql`
    create table membership_replaced (
      pipeline text not null,
      customer_id text not null,
      segment_key text not null,
      is_holdout boolean not null,
      move_reason text not null,
      valid_from timestamptz not null,
      publication_id bigint not null,
      closing_publication_id bigint not null,
      primary key (pipeline, customer_id, publication_id)
    )`.execute(db)

  // What one run said of each customer. Partitions are named membership_score_<publication id>.
  await sql`
    create table membership_score (
      publication_id bigint not null,
      customer_id text not null,
      segment_key text not null,
      confidence double precision,
      distance double precision,
      next_segment_key text,
      is_outlier boolean not null,
      is_holdout boolean not null,
      move_reason text
    ) partition by list (publication_id)`.execute(db)
}
