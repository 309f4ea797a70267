import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** Runs, who decided about them, and what their gates said. First migration: there are no older workers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table run (
      run_key text not null,
      revision integer not null check (revision > 0),
      pipeline text not null,
      kind text not null check (kind in ('refit', 'score')),
      period text not null,
      as_of timestamptz not null,
      status text not null check (status in
        ('running', 'published', 'held', 'rejected', 'failed', 'cancelled', 'superseded', 'rolled_back')),
      verdict text,
      counts jsonb not null default '[]',
      moved bigint,
      definition_hash text not null,
      input_hash text,
      seed bigint not null,
      code_version text not null,
      workflow_id text not null,
      temporal_run_id text not null,
      manifest_uri text,
      report_uri text,
      started_at timestamptz not null default now(),
      finished_at timestamptz,
      published_at timestamptz,
      stale_after timestamptz,
      failure text,
      status_document json,
      primary key (run_key, revision)
    )`.execute(db)
  await sql`create index run_by_pipeline on run (pipeline, as_of desc, revision desc)`.execute(db)

  // A retried activity records the same event again: one row.
  await sql`
    create table run_event (
      run_key text not null,
      revision integer not null,
      event text not null,
      actor text not null,
      reason text not null,
      temporal_run_id text not null,
      recorded_at timestamptz not null default now(),
      primary key (run_key, revision, event, actor, reason, temporal_run_id),
      foreign key (run_key, revision) references run
    )`.execute(db)

  await sql`
    create table validation_check (
      run_key text not null,
      revision integer not null,
      gate text not null,
      outcome text not null check (outcome in ('pass', 'not-computable', 'warn', 'hold', 'fail')),
      value double precision,
      threshold text,
      message text,
      primary key (run_key, revision, gate),
      foreign key (run_key, revision) references run
    )`.execute(db)
}
