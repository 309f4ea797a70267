import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Scorecards over time. Old workers may keep running: they have never heard of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists scorecard (
      asked_at timestamptz not null,
      question integer not null check (question between 1 and 18),
      score integer not null check (score between 0 and 100),
      most integer not null check (most between score and 100),
      findings jsonb not null,
      primary key (asked_at, question)
    )`.execute(db)
  await createCommentedView(
    db,
    'scorecards',
    'How the eighteen questions about segmentation were answered, each time that a scorecard was kept.',
    {
      asked_at: 'When it was asked.',
      question: 'Number of the question, 1 to 18; resegment scorecard has the texts.',
      score: 'Points for what is there, 0 to 100; what nobody could tell counts as not there.',
      most: 'Points if all that nobody could tell were there.',
      findings: 'What it was judged by, in words: an array of texts.',
    },
    sql`select asked_at, question, score, most, findings from scorecard`,
  )
}
