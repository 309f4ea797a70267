import { sql } from 'kysely'
import type { OwedStart } from '../../plan/owed-starts.ts'
import type { ExpectedRun } from '../../run/expected-run.ts'
import type { WarehouseTransaction } from './connection.ts'

/** Adds starts that are not there yet, and tells publications until when they are the newest. */
export async function oweRuns(
  { db }: WarehouseTransaction,
  scheduleId: string,
  pipeline: string,
  owed: readonly OwedStart[],
): Promise<void> {
  if (owed.length > 0)
    await db
      .insertInto('expected_run')
      .values(
        owed.map(({ kind, period, runKey, asOf, startsAt, missedAfter, deadline }) => ({
          ...{ pipeline, kind, period, deadline },
          ...{ run_key: runKey, schedule_id: scheduleId, as_of: asOf, due_at: startsAt, missed_after: missedAfter },
        })),
      )
      .onConflict((conflict) => conflict.columns(['pipeline', 'run_key']).doNothing())
      .execute()
  await sql`
    update run r set stale_after = n.deadline
    from (
      select p.run_key, p.revision, min(e.deadline) as deadline
      from run p
      left join expected_run e on e.pipeline = p.pipeline and e.as_of > p.as_of and (e.kind = 'refit' or p.kind = 'score')
      where not p.is_historical and p.pipeline = ${pipeline} and p.status = 'published'
      group by p.run_key, p.revision
    ) n
    where r.run_key = n.run_key and r.revision = n.revision and r.stale_after is distinct from n.deadline`.execute(db)
}

/** Forgets what a schedule would owe from now on. */
export async function forgetOwed({ db }: WarehouseTransaction, scheduleId: string): Promise<void> {
  await db
    .deleteFrom('expected_run')
    .where('schedule_id', '=', scheduleId)
    .where('due_at', '>', sql<string>`now()`)
    .execute()
}

export async function readDueRuns(
  { db }: WarehouseTransaction,
  pipeline: string | undefined,
): Promise<readonly ExpectedRun[]> {
  let query = db
    .selectFrom('expected_runs')
    .select([
      ...(['pipeline', 'kind', 'period', 'run_key as runKey', 'as_of as asOf', 'due_at as dueAt', 'deadline'] as const),
      ...(['state', 'revision', 'published_at as publishedAt', 'overtaken_by as overtakenBy'] as const),
      'is_overdue as isOverdue',
    ])
    .where('due_at', '<=', sql<string>`now()`)
  if (pipeline !== undefined) query = query.where('pipeline', '=', pipeline)
  return query.orderBy('due_at').orderBy('pipeline').orderBy('run_key').execute()
}
