import { sql } from 'kysely'
import { CountsDoNotReconcile } from '../../../errors/counts-do-not-reconcile.ts'
import type { WarehouseTransaction } from '../connection.ts'
import type { ReturnTarget } from '../return-memberships.ts'
import { scorePartition } from '../score-partition.ts'
import { countListed, dropValues, findSuppressed, withdrawSuppressed } from './suppressed.ts'

/**
 * Leaves suppressed customers out of an earlier publication that is about to be visible again. The caller has the lock of the pipeline.
 *
 * @returns the publication with the customers who are left
 * @throws CountsDoNotReconcile when more are missing than the list explains
 */
export async function withoutSuppressed(
  transaction: WarehouseTransaction,
  target: ReturnTarget,
  privacyKey: string | undefined,
): Promise<ReturnTarget> {
  const listed = await countListed(transaction, target.pipeline)
  if (listed === 0) return target
  const suppressed = await findSuppressed(transaction, target.pipeline, privacyKey)
  if (suppressed) {
    await withdrawSuppressed(transaction, suppressed)
    await dropValues(transaction, suppressed, target.id)
  }
  const { rows } = await sql<{ customers: number }>`
    select count(*) as customers from ${sql.id(scorePartition(target.id))}`.execute(transaction.db)
  const { customers } = rows[0]!
  const missing = target.customers - customers
  if (missing < 0 || missing > listed)
    throw new CountsDoNotReconcile(
      `Rolling back ${target.pipeline} stopped before anything was visible: ${missing} customers of the run are missing, more than the list of those who are not to be segmented explains.`,
      'What is live stays live. Report it with the output of `resegment runs` for the pipeline.',
    )
  return { ...target, customers }
}
