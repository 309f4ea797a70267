import { sql } from 'kysely'
import type { RunEvent, RunRecord } from '../../ports/ledger.ts'
import type { RunIdentity } from '../../run/run-key.ts'
import type { RunState } from '../../run/run-status.ts'
import type { WarehouseTransaction } from './connection.ts'
import { writeChecks } from './write-checks.ts'
import { selectRun } from './select-run.ts'

const finalStates: readonly RunState[] = ['published', 'rejected', 'failed', 'cancelled', 'superseded', 'rolled_back']

/**
 * Writes an edge of a run. A run that is out stays `published` whatever a later reset of it records: consumers still see it; and one that a
 * newer revision superseded stays superseded.
 */
export async function recordRun(
  { db }: WarehouseTransaction,
  record: RunRecord,
  event: RunEvent | undefined,
): Promise<void> {
  const { state, status } = record
  const known = await selectRun({ db }, record).select(['status', 'published_at']).forUpdate().executeTakeFirst()
  if (record.definition !== undefined)
    await db
      .insertInto('definition')
      .values({ hash: record.definitionHash, document: JSON.stringify(record.definition) })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  const isOut = known !== undefined && known.published_at !== null
  if (!isOut || (state === 'published' && known.status === 'published')) await writeRun({ db }, record, isOut)
  if (!isOut) await writeChecks({ db }, record, record.checks ?? status?.checks ?? [])
  if (event) await recordEvent({ db }, record, record.temporalRunId, event)
}

/**
 * Adds what somebody did to a run, once for each Temporal run.
 *
 * @param occurrence the fencing token of the switch that did it, or when it was done; 0: it can be done once
 */
export async function recordEvent(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { runKey, revision }: RunIdentity,
  temporalRunId: string,
  { event, by, reason, identity = null }: RunEvent,
  occurrence = 0,
): Promise<void> {
  await db
    .insertInto('run_event')
    .values({
      ...{ run_key: runKey, revision, event, actor: by, reason, identity },
      temporal_run_id: temporalRunId,
      fencing_token: occurrence,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function writeRun({ db }: Pick<WarehouseTransaction, 'db'>, record: RunRecord, isOut: boolean): Promise<void> {
  const { status } = record
  const isFinal = finalStates.includes(record.state)
  const facts = {
    status: record.state,
    verdict: status?.verdict ?? null,
    counts: JSON.stringify(status?.stages ?? []),
    moved: status?.moved ?? null,
    definition_hash: record.definitionHash,
    input_hash: status?.stages.find(({ inputHash }) => inputHash !== undefined)?.inputHash ?? null,
    seed: record.seed,
    code_version: record.codeVersion,
    workflow_id: record.workflowId,
    temporal_run_id: record.temporalRunId,
    failure: record.failure,
    status_document: status === null ? null : JSON.stringify(status),
    // Publishing has set these two in its own transaction.
    ...(isOut ? {} : { finished_at: isFinal ? sql<string>`now()` : null, manifest_uri: status?.manifestUri ?? null }),
  }
  await db
    .insertInto('run')
    .values({
      finished_at: null,
      manifest_uri: null,
      ...facts,
      run_key: record.runKey,
      revision: record.revision,
      pipeline: record.pipeline,
      kind: record.kind,
      period: record.period,
      as_of: record.asOf,
      report_uri: null,
      published_at: null,
      stale_after: null,
    })
    .onConflict((conflict) => conflict.columns(['run_key', 'revision']).doUpdateSet(facts))
    .execute()
}
