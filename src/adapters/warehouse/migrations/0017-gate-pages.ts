import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { createCommentedView } from './commented-view.ts'

/** Keeps beside each check what people need to decide, and what it saw of each segment. Old workers may keep running: they leave it empty. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table validation_check
      add column if not exists effect text check (effect in ('pass', 'warn', 'hold', 'fail')),
      add column if not exists unit text check (unit in ('share', 'change', 'index', 'count')),
      add column if not exists subject text,
      add column if not exists meaning text,
      add column if not exists why text,
      add column if not exists remedy text,
      add column if not exists customers bigint,
      add column if not exists list text,
      add column if not exists seen jsonb`.execute(db)

  await createCommentedView(
    db,
    'validation_checks',
    'What each gate of a run computed and decided.',
    {
      pipeline: 'The segmentation.',
      run_key: 'The run.',
      revision: 'Revision of the run.',
      gate: 'Name of the gate.',
      outcome: 'pass, not-computable, warn, hold or fail.',
      value: 'What was computed. Null: it could not be; on a first run there is nothing to compare with.',
      threshold: 'The threshold that decided. Null: none was crossed.',
      message: 'One sentence with the figures. Null: not recorded.',
      effect:
        'What it did to the run: pass, warn, hold or fail. Another one than outcome for gates that could not be computed, and on first runs, where policies decide.',
      unit: 'What value is: a share (0 to 1), a change (as a share of what was), an index, or a count. Null: not recorded.',
      subject: 'Segment, source or feature that decided. Null: everybody.',
      meaning: 'What the gate looks at. Null: it passed.',
      why: 'Why it matters. Null: it passed.',
      remedy: 'What one may do. Null: it passed.',
      customers: 'Customers whom it is about. Null: it is about rows, or about everybody.',
      list_customers: 'Command or SQL that lists them, RUN for the run. Null: nothing does.',
      seen: 'What it saw of each segment, source or feature: subject, value, and customers more or fewer where that counts. Null: of everybody alone.',
    },
    sql`select r.pipeline, c.run_key, c.revision, c.gate, c.outcome, c.value, c.threshold, c.message,
      coalesce(c.effect, case c.outcome when 'not-computable' then 'pass' else c.outcome end) as effect, c.unit, c.subject,
      c.meaning, c.why, c.remedy, c.customers, c.list as list_customers, c.seen
      from validation_check c join run r using (run_key, revision)`,
  )
}
