import { sql } from 'kysely'
import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { NotHistorical } from '../../errors/not-historical.ts'
import { PublishConflict } from '../../errors/publish-conflict.ts'
import { formatRunId } from '../../run/run-key.ts'
import { refuseHistorical } from '../../run/succession.ts'
import { scorePartition } from './score-partition.ts'
import { findNeighbour, findShown } from './past-state.ts'
import type { Publication } from '../../ports/destination.ts'
import type { WarehouseTransaction } from './connection.ts'

/** @throws NotHistorical; PublishConflict when the run's neighbour in the past is another one than it was compared with */
export async function refusePastConflict(
  transaction: WarehouseTransaction,
  { plan, validation }: Publication,
  isLoaded: boolean,
): Promise<void> {
  const misplaced = refuseHistorical(plan, (await findShown(transaction, plan.pipeline)) ?? undefined)
  if (misplaced) throw new NotHistorical(misplaced.what, misplaced.remedy)
  const neighbour = await findNeighbour(transaction, plan.pipeline, plan.asOf)
  const before = neighbour && !neighbour.isAfter ? neighbour : null
  const runBefore = before && formatRunId(before)
  if (runBefore === validation.comparedWith && isLoaded) return
  throw new PublishConflict(
    `${formatRunId(plan)} was compared with ${validation.comparedWith ?? 'nothing'}, but ${runBefore ?? 'nothing'} lies before it now.`,
    'Start the next revision: it is compared with what lies before it.',
  )
}

/**
 * Keeps what a run says of the past where it differs: from the publication before it, which makes its events, and from the memberships that
 * live runs left, which the history is cut open for. Nothing is touched that says what is or was shown.
 */
export async function fillPast(transaction: WarehouseTransaction, publication: Publication, id: number): Promise<void> {
  const { db } = transaction
  const { pipeline, asOf } = publication.plan
  const before = await findNeighbour(transaction, pipeline, asOf)
  const beforeAsOf = before && !before.isAfter ? before.asOf : null
  await sql`
    with before as (
      select customer_id, segment_key, is_holdout from customer_segment_history
      where pipeline = ${pipeline} and valid_from <= ${beforeAsOf}::timestamptz
        and (valid_to is null or valid_to > ${beforeAsOf}::timestamptz)
    ), left_by_live as (
      select customer_id, segment_key, is_holdout from membership_open
      where pipeline = ${pipeline} and valid_from <= ${asOf}::timestamptz
      union all
      select customer_id, segment_key, is_holdout from membership_closed
      where pipeline = ${pipeline} and valid_from <= ${asOf}::timestamptz and valid_to > ${asOf}::timestamptz
    ), said as (
      select coalesce(s.customer_id, b.customer_id, l.customer_id) as customer_id, b.segment_key as from_segment_key,
        s.segment_key, s.is_holdout,
        coalesce(s.move_reason, case when s.customer_id is null then 'lost' when b.customer_id is null then 'new'
          else 'definition' end) as move_reason,
        (l.segment_key, l.is_holdout) is distinct from (s.segment_key, s.is_holdout) as differs
      from ${sql.id(scorePartition(id))} s
      full join before b on b.customer_id = s.customer_id
      full join left_by_live l on l.customer_id = coalesce(s.customer_id, b.customer_id)
    )
    insert into membership_historical (pipeline, publication_id, customer_id, from_segment_key, segment_key, is_holdout,
      move_reason, differs)
    select ${pipeline}, ${id}::bigint, customer_id, from_segment_key, segment_key, is_holdout, move_reason, differs
    from said where differs or from_segment_key is distinct from segment_key order by customer_id`.execute(db)
  await assertEvents(transaction, publication, id)
}

/** What is written must be what validation showed to people. */
async function assertEvents(
  { db }: WarehouseTransaction,
  { plan, validation }: Publication,
  id: number,
): Promise<void> {
  if (validation.comparedWith === null) return
  const { rows } = await sql<{ entered: number; gone: number; moved: number }>`
    select count(*) filter (where from_segment_key is null and segment_key is not null) as entered,
      count(*) filter (where segment_key is null and from_segment_key is not null) as gone,
      count(*) filter (where from_segment_key <> segment_key) as moved
    from membership_historical where publication_id = ${id}::bigint`.execute(db)
  const shown = { entered: 0, gone: 0, moved: 0 }
  for (const { fromSegmentKey: from, toSegmentKey: to, customers } of validation.transitions)
    if (from === null) shown.entered += customers
    else if (to === null) shown.gone += customers
    else if (from !== to) shown.moved += customers
  const { entered, gone, moved } = rows[0]!
  if (entered === shown.entered && gone === shown.gone && moved === shown.moved) return
  throw new CountsDoNotReconcile(
    `Publishing ${formatRunId(plan)} stopped before anything was visible: ${entered} customers entered, ${gone} left, ${moved} moved; validation counted ${shown.entered}, ${shown.gone}, ${shown.moved}.`,
    'Start the next revision; if it happens again, report it with the manifest of stage validate.',
  )
}

/**
 * Every customer is in the history at the as-of where the run put them: asked of what consumers read, once the run is marked as published.
 */
export async function assertHistory(
  { db }: WarehouseTransaction,
  { plan, validation }: Publication,
  id: number,
): Promise<void> {
  const { rows } = await sql<{ right: number; found: number }>`
    select count(*) as found, count(s.customer_id) as right
    from customer_segment_history h
    left join ${sql.id(scorePartition(id))} s on s.customer_id = h.customer_id and s.segment_key = h.segment_key
      and s.is_holdout = h.is_holdout
    where h.pipeline = ${plan.pipeline} and h.valid_from <= ${plan.asOf}::timestamptz
      and (h.valid_to is null or h.valid_to > ${plan.asOf}::timestamptz)`.execute(db)
  const { right, found } = rows[0]!
  if (right === validation.customers && found === validation.customers) return
  throw new CountsDoNotReconcile(
    `Publishing ${formatRunId(plan)} stopped before anything was visible: the history would have ${found} customers then, ${right} of them where the run put them, of ${validation.customers}.`,
    'Start the next revision; if it happens again, report it with the manifest of stage validate.',
  )
}
