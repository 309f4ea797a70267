import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** What marketers say of segments, and of customers in them. Old workers may keep running: they have never heard of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists feedback (
      id bigint generated always as identity primary key,
      pipeline text not null,
      segment_key text not null,
      judgement text not null check (judgement in ('useful', 'wrong', 'note', 'misplaced')),
      customer_id text,
      belongs_in text,
      note text not null,
      author text not null,
      given_at timestamptz not null default clock_timestamp(),
      check ((judgement = 'misplaced') = (customer_id is not null))
    )`.execute(db)
  // The same said twice is said once. Postgres 14 takes no nulls for equal.
  await sql`
    create unique index if not exists feedback_said on feedback (pipeline, segment_key, judgement, coalesce(customer_id, ''),
      coalesce(belongs_in, ''), md5(note), author)`.execute(db)
  // Erasures look for customers.
  await sql`create index if not exists feedback_customer on feedback (customer_id)`.execute(db)
  await createCommentedView(
    db,
    'segment_feedback',
    'What marketers say of segments: useful, wrong, or a note; and of customers that they are in the wrong one. Customers who were erased have none.',
    {
      pipeline: 'The segmentation.',
      segment_key: 'Lasting key of the segment; of a customer the one that he or she was in.',
      judgement: 'useful, wrong, note, or misplaced: a customer belongs elsewhere.',
      customer_id: 'The customer who is misplaced, as in the source. Null: it is about the segment.',
      belongs_in:
        'Lasting key of the segment where the customer belongs. Null: it is about the segment, or nobody says.',
      note: 'What else was said; empty where nothing was.',
      author: 'Who says so.',
      given_at: 'When it was said.',
    },
    sql`select pipeline, segment_key, judgement, customer_id, belongs_in, note, author, given_at from feedback`,
  )
}
