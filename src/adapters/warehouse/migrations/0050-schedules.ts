import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/**
 * What was deployed, and which runs it owes: known without Temporal. Old workers may keep running: they neither write nor read it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists deployed_schedule (
      id bigint generated always as identity primary key,
      schedule_id text not null,
      pipeline text,
      purpose text not null,
      timed jsonb,
      facts jsonb not null,
      actor text not null,
      deployed_at timestamptz not null default now(),
      removed_at timestamptz
    )`.execute(db)
  await sql`create unique index if not exists deployed_schedule_in_force on deployed_schedule (schedule_id) where removed_at is null`.execute(
    db,
  )
  await sql`
    create table if not exists expected_run (
      pipeline text not null,
      run_key text not null,
      schedule_id text not null,
      kind text not null check (kind in ('refit', 'score')),
      period text not null,
      as_of timestamptz not null,
      due_at timestamptz not null,
      missed_after timestamptz not null,
      deadline timestamptz not null,
      primary key (pipeline, run_key)
    )`.execute(db)
  await sql`create index if not exists expected_run_by_time on expected_run (schedule_id, due_at)`.execute(db)
  await sql`
    create table if not exists schedule_event (
      id bigint generated always as identity primary key,
      schedule_id text not null,
      pipeline text,
      event text not null,
      actor text not null,
      reason text not null,
      recorded_at timestamptz not null default now()
    )`.execute(db)

  await createCommentedView(
    db,
    'schedule_events',
    'Who did what to a schedule, and why. What is done in the Temporal UI is not known here.',
    {
      schedule_id: 'Schedule in Temporal.',
      pipeline: 'The segmentation. Null: the schedule is one of the whole target.',
      event: 'created, updated, deleted, paused, resumed or triggered.',
      actor: 'Who did it.',
      reason: 'Why, in their words, or what differed.',
      recorded_at: 'When it was recorded.',
    },
    sql`select schedule_id, pipeline, event, actor, reason, recorded_at from schedule_event`,
  )
  await createExpectedRuns(db)
}

async function createExpectedRuns(db: Kysely<unknown>): Promise<void> {
  await createCommentedView(
    db,
    'expected_runs',
    'Every run that a deployed schedule owes, also where its schedule was paused or deleted in Temporal, or the server was down.',
    {
      pipeline: 'The segmentation.',
      kind: 'refit or score.',
      period: 'The period that the run closes.',
      run_key: 'The pipeline and the as-of date in its zone.',
      as_of: 'The instant the run looks from.',
      due_at: 'When the run starts, without jitter.',
      deadline: 'Until when it has to be published.',
      state:
        'planned (ahead), waiting (may still start), missed (did not), late (runs past its deadline), or the status of its newest revision, or of the one that is out.',
      revision: 'That revision. Null: no run was recorded.',
      published_at: 'When consumers could see it. Null: never.',
      overtaken_by: 'Run key of a publication of a later as-of. Null: there is none.',
      is_overdue: 'Whether its deadline is over, it is not out, and no later one is.',
    },
    sql`
      select s.pipeline, s.kind, s.period, s.run_key, s.as_of, s.due_at, s.deadline, s.state, s.revision, s.published_at,
        s.overtaken_by, s.state <> 'published' and s.overtaken_by is null and now() > s.deadline
      from (
        select e.*, r.revision, r.published_at, o.run_key as overtaken_by,
          case
            when r.status is null and now() < e.due_at then 'planned'
            when r.status is null and now() < e.missed_after then 'waiting'
            when r.status is null then 'missed'
            when r.is_out then 'published'
            when r.status = 'running' and now() > e.deadline then 'late'
            else r.status
          end as state
        from expected_run e
        left join lateral (
          select status, revision, published_at, published_at is not null and status <> 'rolled_back' as is_out
          from run where run.run_key = e.run_key
          order by published_at is not null and status <> 'rolled_back' desc, revision desc limit 1
        ) r on true
        left join lateral (
          select run_key from run
          where run.pipeline = e.pipeline and run.status = 'published' and run.as_of > e.as_of
            and (e.kind = 'score' or run.kind <> 'score')
          order by run.as_of desc, run.revision desc limit 1
        ) o on true
      ) s`,
  )
}
