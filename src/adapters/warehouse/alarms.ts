import { sql } from 'kysely'
import { type Alarm, type AlarmChanges, toldAlarmKinds, type UntoldAlarm } from '../../run/alarm.ts'
import type { WarehouseTransaction } from './connection.ts'

const columns = ['pipeline', 'kind', 'period', 'run_key as runKey', 'message', 'remedy'] as const

/** Raises what is new, clears what is gone; two looks at once raise nothing twice. */
export async function setAlarms({ db }: WarehouseTransaction, alarms: readonly Alarm[]): Promise<AlarmChanges> {
  // One after the other: each must see what the other raised.
  await sql`lock table alarm in share row exclusive mode`.execute(db)
  const open = await db
    .selectFrom('alarm')
    .select(['id', ...columns])
    .where('cleared_at', 'is', null)
    .orderBy('id')
    .execute()
  const wanted = new Set(alarms.map(nameOf))
  const known = new Set(open.map(nameOf))
  const gone = open.filter((alarm) => !wanted.has(nameOf(alarm)))
  const raised = alarms.filter((alarm) => !known.has(nameOf(alarm)))
  if (gone.length > 0)
    await db
      .updateTable('alarm')
      .set({ cleared_at: sql<string>`now()` })
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute()
  for (const { runKey, ...alarm } of raised)
    await db
      .insertInto('alarm')
      .values({ ...alarm, run_key: runKey, cleared_at: null })
      .execute()
  return { raised, cleared: gone.map(({ id: _, ...alarm }) => alarm) }
}

export async function readUntoldAlarms({ db }: WarehouseTransaction): Promise<readonly UntoldAlarm[]> {
  const found = await db
    .selectFrom('alarm')
    .select(['id', ...columns, 'raised_at as raisedAt', 'cleared_at as clearedAt'])
    .where('kind', 'in', toldAlarmKinds)
    .where(({ eb, or, and }) =>
      or([
        and([eb('cleared_at', 'is', null), eb('told_at', 'is', null)]),
        and([eb('cleared_at', 'is not', null), eb('told_at', 'is not', null), eb('end_told_at', 'is', null)]),
      ]),
    )
    .orderBy('id')
    .execute()
  return found.map(({ clearedAt, ...alarm }) => ({
    ...alarm,
    kind: alarm.kind as UntoldAlarm['kind'],
    isOver: clearedAt !== null,
  }))
}

export async function markTold(
  { db }: WarehouseTransaction,
  { id, isOver }: Pick<UntoldAlarm, 'id' | 'isOver'>,
): Promise<void> {
  const now = sql<string>`now()`
  await db
    .updateTable('alarm')
    .set(isOver ? { end_told_at: now } : { told_at: now })
    .where('id', '=', id)
    .execute()
}

function nameOf({ pipeline, kind, runKey }: Pick<Alarm, 'pipeline' | 'kind' | 'runKey'>): string {
  return [pipeline, kind, runKey].join(' ')
}
