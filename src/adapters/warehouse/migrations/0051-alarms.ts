import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** What nobody may overlook, each raised once until it is cleared. Old workers may keep running: they raise none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists alarm (
      id bigint generated always as identity primary key,
      pipeline text not null,
      kind text not null check (kind in ('missed', 'failed', 'held', 'late', 'stale')),
      period text not null,
      run_key text not null,
      message text not null,
      remedy text not null,
      raised_at timestamptz not null default now(),
      cleared_at timestamptz
    )`.execute(db)
  await sql`create unique index if not exists alarm_open on alarm (pipeline, run_key, kind) where cleared_at is null`.execute(
    db,
  )
  await createCommentedView(
    db,
    'alarms',
    'Segmentations that were missed, failed, wait or run past their deadline, or are stale; watched twice an hour.',
    {
      id: 'Number of the alarm.',
      pipeline: 'The segmentation.',
      kind: 'missed, failed, held, late or stale.',
      period: 'The period that the run closes.',
      run_key: 'The run that is owed.',
      message: 'What is wrong, for people.',
      remedy: 'What to do, for people.',
      raised_at: 'When it was found.',
      cleared_at: 'When it was found to be over. Null: it is not.',
    },
    sql`select id, pipeline, kind, period, run_key, message, remedy, raised_at, cleared_at from alarm`,
  )
}
