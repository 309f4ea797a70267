import { sql } from 'kysely'
import { DeployConflict } from '../../errors/deploy-conflict.ts'
import type { DeployedSchedule } from '../../plan/deployed-schedule.ts'
import type { RecordedEvent, RecordedSchedule, ScheduleBook, ScheduleEvent } from '../../ports/schedule-book.ts'
import { markTold, readUntoldAlarms, setAlarms } from './alarms.ts'
import type { WarehouseOptions, WarehouseTransaction } from './connection.ts'
import { forgetOwed, oweRuns, readDueRuns } from './expected-runs.ts'
import { openMigrated } from './migrate.ts'

/** Schedules as they were deployed, in tables of their own. Opens no connection before it is used. */
export function makeScheduleBook(options: WarehouseOptions): ScheduleBook {
  const pool = openMigrated(options, 2)
  return {
    async exclusively(body) {
      // Held by the session: a deploy that dies lets go of it.
      return pool.alone(async (db) => {
        const lock = sql`hashtextextended(${`resegment deploy ${options.schema}`}, 0)`
        const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${lock}) as taken`.execute(db)
        if (!rows[0]!.taken)
          throw new DeployConflict(
            `Somebody else deploys to schema ${options.schema} right now.`,
            'Wait until they are done, and deploy again.',
          )
        try {
          return await body()
        } finally {
          await sql`select pg_advisory_unlock(${lock})`.execute(db)
        }
      })
    },
    deployed: () => pool.transaction(readDeployed),
    record: (schedule, by, owed) =>
      pool.transaction(async (transaction) => {
        await remove(transaction, schedule.scheduleId)
        await insert(transaction, schedule, by)
        if (schedule.pipeline !== null) await oweRuns(transaction, schedule.scheduleId, schedule.pipeline, owed)
      }),
    forget: (scheduleId) => pool.transaction((transaction) => remove(transaction, scheduleId)),
    owe: (scheduleId, pipeline, owed) =>
      pool.transaction((transaction) => oweRuns(transaction, scheduleId, pipeline, owed)),
    recordEvent: (event) => pool.transaction((transaction) => recordEvent(transaction, event)),
    newestEvents: (event) => pool.transaction((transaction) => readNewestEvents(transaction, event)),
    dueRuns: (pipeline) => pool.transaction((transaction) => readDueRuns(transaction, pipeline)),
    setAlarms: (alarms) => pool.transaction((transaction) => setAlarms(transaction, alarms)),
    untoldAlarms: () => pool.transaction(readUntoldAlarms),
    markTold: (alarm) => pool.transaction((transaction) => markTold(transaction, alarm)),
    close: () => pool.close(),
  }
}

async function readDeployed({ db }: WarehouseTransaction): Promise<readonly RecordedSchedule[]> {
  return db
    .selectFrom('deployed_schedule as d')
    .select((select) => [
      ...(['d.schedule_id as scheduleId', 'd.pipeline', 'd.purpose', 'd.timed', 'd.facts'] as const),
      select.fn
        .coalesce(
          select
            .selectFrom('expected_run as e')
            .select((of) => of.fn.max('e.due_at').as('newest'))
            .whereRef('e.schedule_id', '=', 'd.schedule_id'),
          'd.deployed_at',
        )
        .as('expectedUntil'),
    ])
    .where('d.removed_at', 'is', null)
    .orderBy('d.schedule_id')
    .execute()
}

async function remove(transaction: WarehouseTransaction, scheduleId: string): Promise<void> {
  await transaction.db
    .updateTable('deployed_schedule')
    .set({ removed_at: sql<string>`now()` })
    .where('schedule_id', '=', scheduleId)
    .where('removed_at', 'is', null)
    .execute()
  await forgetOwed(transaction, scheduleId)
}

async function insert({ db }: WarehouseTransaction, schedule: DeployedSchedule, by: string): Promise<void> {
  const { scheduleId, pipeline, purpose, timed, facts } = schedule
  await db
    .insertInto('deployed_schedule')
    .values({
      ...{ schedule_id: scheduleId, pipeline, purpose, actor: by, removed_at: null },
      timed: timed === null ? null : sql`${JSON.stringify(timed)}::jsonb`,
      facts: sql`${JSON.stringify(facts)}::jsonb`,
    })
    .execute()
}

async function recordEvent({ db }: WarehouseTransaction, event: ScheduleEvent): Promise<void> {
  const { scheduleId, pipeline, by, reason } = event
  await db
    .insertInto('schedule_event')
    .values({ schedule_id: scheduleId, pipeline, event: event.event, actor: by, reason })
    .execute()
}

async function readNewestEvents(
  { db }: WarehouseTransaction,
  event: ScheduleEvent['event'],
): Promise<readonly RecordedEvent[]> {
  return db
    .selectFrom('schedule_event')
    .distinctOn('schedule_id')
    .select([
      ...(['schedule_id as scheduleId', 'pipeline', 'event', 'actor as by', 'reason'] as const),
      'recorded_at as recordedAt',
    ])
    .where('event', '=', event)
    .orderBy('schedule_id')
    .orderBy('id', 'desc')
    .execute()
}
