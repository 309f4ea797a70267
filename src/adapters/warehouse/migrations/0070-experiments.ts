import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Experiments with segments, and who takes part in which arm. Old workers may keep running. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists experiment (
      name text primary key,
      pipeline text not null,
      run_key text not null,
      arms jsonb not null,
      actor text not null,
      assigned_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`
    create table if not exists experiment_member (
      experiment text not null references experiment,
      customer_id text not null,
      segment_key text not null,
      segment_name text not null,
      arm text not null,
      primary key (experiment, customer_id)
    )`.execute(db)
  // Erasures look for customers, not for experiments.
  await sql`create index if not exists experiment_member_customer on experiment_member (customer_id)`.execute(db)
  await createCommentedView(
    db,
    'experiment_assignments',
    'Who takes part in which experiment, and in which arm: drawn once by segment, and as it was drawn since. Customers who were erased have none.',
    {
      experiment: 'Name of the experiment.',
      pipeline: 'The segmentation it was drawn from.',
      run_key: 'The run that was live when it was drawn.',
      customer_id: 'The customer, as in the source.',
      segment_key: 'Lasting key of the segment when it was drawn.',
      segment_name: 'Name of the segment when it was drawn.',
      arm: 'What is tried on the customer; one of the arms is the control.',
      assigned_at: 'When it was drawn.',
    },
    sql`
      select e.name, e.pipeline, e.run_key, m.customer_id, m.segment_key, m.segment_name, m.arm, e.assigned_at
      from experiment e join experiment_member m on m.experiment = e.name`,
  )
}
