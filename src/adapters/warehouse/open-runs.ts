import { sql } from 'kysely'
import { recordEvent } from './record-run.ts'
import type { OpenRun, UntoldEnd } from '../../ports/ledger.ts'
import type { RecordedRun } from '../../run/sweep-plan.ts'
import type { RunState } from '../../run/run-status.ts'
import type { WarehouseTransaction } from './connection.ts'

const openStates: readonly RunState[] = ['running', 'held']

export function readOpenRuns({ db }: WarehouseTransaction, pipeline: string | undefined): Promise<readonly OpenRun[]> {
  let query = db
    .selectFrom('run')
    .select([
      'run_key as runKey',
      'revision',
      'as_of as asOf',
      'workflow_id as workflowId',
      'temporal_run_id as temporalRunId',
      'is_historical as isHistorical',
    ])
    .where('status', 'in', openStates)
    .orderBy('started_at')
  if (pipeline !== undefined) query = query.where('pipeline', '=', pipeline)
  return query.execute()
}

export function readRecordedRuns({ db }: WarehouseTransaction, pipeline: string): Promise<readonly RecordedRun[]> {
  return db
    .selectFrom('run')
    .select([
      'run_key as runKey',
      'revision',
      'status as state',
      'manifest_uri as manifestUri',
      'published_at as publishedAt',
    ])
    .where('pipeline', '=', pipeline)
    .execute()
}

/** A row that the run itself, or somebody else, has written meanwhile stays what it is. */
export async function settleRun(
  transaction: WarehouseTransaction,
  run: OpenRun,
  { state, failure, finishedAt, temporalRunId, event }: UntoldEnd,
): Promise<void> {
  const settled = await transaction.db
    .updateTable('run')
    .set({
      status: state,
      failure,
      finished_at: sql<string>`${finishedAt}::timestamptz`,
      temporal_run_id: temporalRunId,
    })
    .where('run_key', '=', run.runKey)
    .where('revision', '=', run.revision)
    .where('temporal_run_id', '=', run.temporalRunId)
    .where('status', 'in', openStates)
    .returning('run_key')
    .executeTakeFirst()
  if (settled && event) await recordEvent(transaction, run, temporalRunId, event)
}
