import type { RunIdentity } from '../../run/run-key.ts'
import type { GateCheck, StatusCheck } from '../../run/verdict.ts'
import type { WarehouseTransaction } from './connection.ts'

/** A check as a publication, a stored candidate or a run's status has it: the latter without a sentence where it passed. */
export type KnownCheck = StatusCheck & Partial<Pick<GateCheck, 'message' | 'subject' | 'seen'>>

/** Records checks of a run; of a gate that is recorded already the newer one counts. */
export async function writeChecks(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { runKey, revision }: RunIdentity,
  checks: readonly KnownCheck[],
): Promise<void> {
  for (const { gate, outcome, value, threshold, effect, unit, page, message, subject, seen } of checks) {
    const found = {
      ...{ outcome, value, threshold },
      message: message ?? page?.message ?? null,
      effect: effect ?? (outcome === 'not-computable' ? 'pass' : outcome),
      unit: unit ?? null,
      subject: subject ?? null,
      meaning: page?.meaning ?? null,
      why: page?.why ?? null,
      remedy: page?.remedy ?? null,
      customers: page?.customers ?? null,
      list: page?.list ?? null,
      seen: seen === undefined ? null : JSON.stringify(seen),
    }
    await db
      .insertInto('validation_check')
      .values({ run_key: runKey, revision, gate, ...found })
      .onConflict((conflict) => conflict.columns(['run_key', 'revision', 'gate']).doUpdateSet(found))
      .execute()
  }
}
