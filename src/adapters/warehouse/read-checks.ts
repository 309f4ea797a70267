import type { Selectable } from 'kysely'
import type { CheckedRun, RecordedCheck } from '../../ports/warehouse-reader.ts'
import type { RunIdentity } from '../../run/run-key.ts'
import type { GateCheck, GatePage } from '../../run/verdict.ts'
import type { WarehouseTransaction } from './connection.ts'
import type { ValidationCheckTable } from './validation-check-table.ts'

/** Checks of a run, by the names of gates. */
export async function readChecks(
  { db }: WarehouseTransaction,
  { runKey, revision }: RunIdentity,
): Promise<readonly RecordedCheck[]> {
  const rows = await db
    .selectFrom('validation_check')
    .selectAll()
    .where('run_key', '=', runKey)
    .where('revision', '=', revision)
    .orderBy('gate')
    .execute()
  return rows.map(toCheck)
}

export async function readCheckedRuns(
  transaction: WarehouseTransaction,
  pipeline: string,
  limit: number,
): Promise<readonly CheckedRun[]> {
  const runs = await transaction.db
    .selectFrom('run')
    .select(['run_key as runKey', 'revision', 'kind', 'period', 'status', 'verdict', 'moved'])
    .where('pipeline', '=', pipeline)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('validation_check')
          .select('gate')
          .whereRef('validation_check.run_key', '=', 'run.run_key')
          .whereRef('validation_check.revision', '=', 'run.revision'),
      ),
    )
    .orderBy('as_of', 'desc')
    .orderBy('revision', 'desc')
    .orderBy('run_key')
    .limit(limit)
    .execute()
  const checked: CheckedRun[] = []
  for (const run of runs) checked.push({ ...run, checks: await readChecks(transaction, run) })
  return checked
}

function toCheck(row: Selectable<ValidationCheckTable>): RecordedCheck {
  const { gate, outcome, value, threshold, message, effect, unit, subject, seen } = row
  const isTold = effect === null || effect === outcome || (effect === 'pass' && outcome === 'not-computable')
  const page = pageOf(row)
  return {
    ...{ gate, outcome, value, threshold, message },
    ...(isTold ? {} : { effect }),
    ...(unit && { unit }),
    ...(subject !== null && { subject }),
    ...(seen !== null && { seen: seen as NonNullable<GateCheck['seen']> }),
    ...(page && { page }),
  }
}

function pageOf(row: Selectable<ValidationCheckTable>): GatePage | null {
  const { meaning, message, why, remedy, customers, list } = row
  return meaning === null || message === null || why === null || remedy === null
    ? null
    : { meaning, message, why, remedy, customers, list }
}
