import { sql } from 'kysely'
import { CountsDoNotReconcile } from '../../../errors/counts-do-not-reconcile.ts'
import type { Publication } from '../../../ports/destination.ts'
import { countMoved } from '../../../stages/validate/transitions.ts'
import type { Transition, Validation } from '../../../stages/validate/validation.ts'
import type { WarehouseTransaction } from '../connection.ts'
import { scorePartition } from '../score-partition.ts'
import { countListed, dropValues, findSuppressed, withdrawSuppressed } from './suppressed.ts'

/**
 * Leaves suppressed customers out of a publication that is about to be visible, whenever they were put on the list: the run may have been
 * held for weeks. The caller has the lock of the pipeline.
 *
 * @returns the publication with the counts of who is left
 * @throws CountsDoNotReconcile when more is missing than the list explains
 */
export async function leaveOutSuppressed(
  transaction: WarehouseTransaction,
  publication: Publication,
  id: number,
  privacyKey: string | undefined,
): Promise<Publication> {
  const { pipeline } = publication.plan
  const listed = await countListed(transaction, pipeline)
  if (listed === 0) return publication
  const suppressed = await findSuppressed(transaction, pipeline, privacyKey)
  if (suppressed) {
    await withdrawSuppressed(transaction, suppressed)
    await dropValues(transaction, suppressed, id)
  }
  const validation = await recount(transaction, publication, id)
  const before = publication.validation
  assertExplained(publication, validation, listed)
  const leftOut = (publication.leftOut ?? 0) + before.customers - validation.customers
  await sql`update publication set customers = ${validation.customers}, left_out = ${leftOut} where id = ${id}`.execute(
    transaction.db,
  )
  return { ...publication, validation, leftOut }
}

/** The figures of a validation, of the rows as they are now. */
async function recount(
  { db }: WarehouseTransaction,
  { plan, validation }: Publication,
  id: number,
): Promise<Validation> {
  const partition = sql.id(scorePartition(id))
  const { rows: transitions } = await sql<Transition>`
    select o.segment_key as "fromSegmentKey", s.segment_key as "toSegmentKey",
      case when s.customer_id is null then 'lost' else s.move_reason end as "moveReason", count(*) as customers
    from (select customer_id, segment_key from membership_open where pipeline = ${plan.pipeline}) o
    full join ${partition} s on s.customer_id = o.customer_id
    group by 1, 2, 3`.execute(db)
  const { rows: counted } = await sql<{ key: string; level: number; customers: number }>`
    select segment_key as key, 0 as level, count(*) as customers from ${partition} group by 1
    union all
    select u.key, 1, count(*) from ${partition} s cross join lateral unnest(s.also) as u (key) where u.key is not null group by 1`.execute(
    db,
  )
  const customersOf = (key: string, level: number): number =>
    counted.find((row) => row.key === key && row.level === Math.min(level, 1))?.customers ?? 0
  const customers = counted.reduce((sum, row) => sum + (row.level === 0 ? row.customers : 0), 0)
  return {
    ...validation,
    customers,
    segments: validation.segments.map((segment) => {
      const left = customersOf(segment.segmentKey, segment.level)
      return { ...segment, customers: left, share: customers === 0 ? 0 : left / customers }
    }),
    transitions,
    moved: validation.moved === null ? null : countMoved(transitions),
  }
}

/** What is written must be what validation showed to people, but for those who are left out. */
function assertExplained({ plan, validation }: Publication, found: Validation, listed: number): void {
  const missing = {
    customers: validation.customers - found.customers,
    entered: entered(validation) - entered(found),
    gone: gone(validation) - gone(found),
    moved: (validation.moved ?? 0) - (found.moved ?? 0),
  }
  for (const [what, count] of Object.entries(missing))
    if (Math.abs(count) > listed)
      throw new CountsDoNotReconcile(
        `Publishing ${plan.runKey} stopped before anything was visible: ${what} differ by ${count} from what validation counted, and ${listed} customers were ever on the list of those who are not to be segmented.`,
        'Start the next revision; if it happens again, report it with the manifest of stage validate.',
      )
}

function entered({ transitions }: Validation): number {
  return sum(transitions.filter(({ fromSegmentKey }) => fromSegmentKey === null))
}

function gone({ transitions }: Validation): number {
  return sum(transitions.filter(({ toSegmentKey }) => toSegmentKey === null))
}

function sum(transitions: readonly Transition[]): number {
  return transitions.reduce((total, { customers }) => total + customers, 0)
}
