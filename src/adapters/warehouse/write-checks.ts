import type { RunIdentity } from '../../run/run-key.ts'
import type { GateCheck, StatusCheck } from '../../run/verdict.ts'
import type { WarehouseTransaction } from './connection.ts'
import { asCame, insertAll } from './insert-all.ts'

/** A check as a publication, a stored candidate or a run's status has it: the latter without a sentence where it passed. */
export type KnownCheck = StatusCheck & Partial<Pick<GateCheck, 'message' | 'subject' | 'seen'>>

const KEY = ['run_key', 'revision', 'gate'] as const

/** Records checks of a run; of a gate that is recorded already the newer one counts. */
export async function writeChecks(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { runKey, revision }: RunIdentity,
  checks: readonly KnownCheck[],
): Promise<void> {
  const newest = new Map(checks.map((check) => [check.gate, foundBy(check)]))
  const rows = [...newest].map(([gate, found]) => ({ run_key: runKey, revision, gate, ...found }))
  await insertAll(rows, (part) =>
    db
      .insertInto('validation_check')
      .values(part)
      .onConflict((conflict) => conflict.columns(KEY).doUpdateSet(asCame(part[0]!, KEY)))
      .execute(),
  )
}

function foundBy({ outcome, value, threshold, effect, unit, page, message, subject, seen }: KnownCheck) {
  return {
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
}
