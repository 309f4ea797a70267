import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { scorePartition } from './load-scores.ts'
import type { Publication } from '../../ports/destination.ts'
import type { WarehouseTransaction } from './connection.ts'

/** The SCD2 difference, set-based: a customer whose segment and holdout are what they were costs no row. */
export async function moveMemberships(
  transaction: WarehouseTransaction,
  publication: Publication,
  id: number,
): Promise<void> {
  if (publication.validation.comparedWith === null) await openAll(transaction, publication, id)
  else {
    await findChanges(transaction, publication, id)
    await assertTransitions(transaction, publication)
    await endPeriods(transaction, publication, id)
    await openPeriods(transaction, publication, id)
    await assertNoOverlap(transaction, publication)
  }
  await assertCustomers(transaction, publication)
}

async function openAll({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  await sql`
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id)
    select ${plan.pipeline}, customer_id, segment_key, is_holdout, coalesce(move_reason, 'new'), ${plan.asOf}::timestamptz, ${id}::bigint
    from ${sql.id(scorePartition(id))} order by customer_id`.execute(db)
}

/** A holdout that changes without a move comes of an edited share: reason `definition`. */
async function findChanges({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  // Bind parameters are not allowed in a statement that creates a table.
  await sql`
    create temp table membership_change on commit drop as
    select coalesce(o.customer_id, s.customer_id) as customer_id, o.segment_key as from_segment_key,
      s.segment_key as to_segment_key, s.is_holdout,
      coalesce(s.move_reason, case when o.customer_id is null then 'new' else 'definition' end) as move_reason
    from (select customer_id, segment_key, is_holdout from membership_open where pipeline = ${sql.lit(plan.pipeline)}) o
    full join ${sql.id(scorePartition(id))} s on s.customer_id = o.customer_id
    where s.customer_id is null or o.customer_id is null or o.segment_key <> s.segment_key or o.is_holdout <> s.is_holdout`.execute(
    db,
  )
  await sql`analyze membership_change`.execute(db)
}

/** What is written must be what validation showed to people. */
async function assertTransitions({ db }: WarehouseTransaction, { plan, validation }: Publication): Promise<void> {
  const { rows } = await sql<{ entered: number; gone: number; moved: number }>`
    select count(*) filter (where from_segment_key is null) as entered, count(*) filter (where to_segment_key is null) as gone,
      count(*) filter (where from_segment_key <> to_segment_key) as moved
    from membership_change`.execute(db)
  const sum = (matches: (from: string | null, to: string | null) => boolean): number =>
    validation.transitions
      .filter((transition) => matches(transition.fromSegmentKey, transition.toSegmentKey))
      .reduce((total, transition) => total + transition.customers, 0)
  const found = rows[0]!
  const shown = {
    entered: sum((from) => from === null),
    gone: sum((_, to) => to === null),
    moved: sum((from, to) => from !== null && to !== null && from !== to),
  }
  if (found.entered !== shown.entered || found.gone !== shown.gone || found.moved !== shown.moved)
    throw unreconciled(
      plan.runKey,
      `${found.entered} customers entered, ${found.gone} left, ${found.moved} moved; validation counted ${shown.entered}, ${shown.gone}, ${shown.moved}`,
    )
}

async function endPeriods({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  const asOf = instant(plan.asOf)
  await sql`
    with gone as (
      delete from membership_open o using membership_change c
      where o.pipeline = ${plan.pipeline} and o.customer_id = c.customer_id
      returning o.*
    ), closed as (
      insert into membership_closed (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, valid_to,
        publication_id, closing_publication_id)
      select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, ${asOf}, publication_id, ${id}::bigint
      from gone where valid_from < ${asOf}
    )
    insert into membership_replaced (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id,
      closing_publication_id)
    select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id, ${id}::bigint
    from gone where valid_from >= ${asOf}`.execute(db)
}

async function openPeriods({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  await sql`
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id)
    select ${plan.pipeline}, customer_id, to_segment_key, is_holdout, move_reason, ${instant(plan.asOf)}, ${id}::bigint
    from membership_change where to_segment_key is not null order by customer_id`.execute(db)
}

async function assertNoOverlap({ db }: WarehouseTransaction, { plan }: Publication): Promise<void> {
  const { rows } = await sql<{ overlaps: number }>`
    select count(*) as overlaps from (
      select m.valid_to, lead(m.valid_from) over (partition by m.customer_id order by m.valid_from) as next_from
      from (
        select customer_id, valid_from, valid_to from membership_closed where pipeline = ${plan.pipeline}
        union all
        select customer_id, valid_from, null from membership_open where pipeline = ${plan.pipeline}
      ) m join membership_change c on c.customer_id = m.customer_id
    ) period
    where next_from is not null and (valid_to is null or valid_to > next_from)`.execute(db)
  if (rows[0]!.overlaps > 0) throw unreconciled(plan.runKey, `${rows[0]!.overlaps} periods would overlap`)
}

async function assertCustomers({ db }: WarehouseTransaction, { plan, validation }: Publication): Promise<void> {
  const { rows } = await sql<{ customers: number }>`
    select count(*) as customers from membership_open where pipeline = ${plan.pipeline}`.execute(db)
  if (rows[0]!.customers !== validation.customers)
    throw unreconciled(
      plan.runKey,
      `${rows[0]!.customers} customers would be in a segment; validation counted ${validation.customers}`,
    )
}

function instant(asOf: string): RawBuilder<unknown> {
  return sql`${asOf}::timestamptz`
}

function unreconciled(runKey: string, found: string): CountsDoNotReconcile {
  return new CountsDoNotReconcile(
    `Publishing ${runKey} stopped before anything was visible: ${found}.`,
    'Start the next revision; if it happens again, report it with the manifest of stage validate.',
  )
}
