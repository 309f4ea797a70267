import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { endMemberships, MEMBERSHIP_FACTS as FACTS } from './end-memberships.ts'
import { scorePartition } from './score-partition.ts'
import type { Publication } from '../../ports/destination.ts'
import type { WarehouseTransaction } from './connection.ts'

/**
 * The SCD2 difference, set-based: a customer whose segment and holdout are what they were costs no row. In business time a publication
 * that replaces one of the same as-of leaves what it would have left without that one; what was shown in between is kept apart.
 *
 * @param liveAsOf of the publication it replaces
 */
export async function moveMemberships(
  transaction: WarehouseTransaction,
  publication: Publication,
  id: number,
  liveAsOf: string | undefined,
): Promise<void> {
  if (publication.validation.comparedWith === null) await openAll(transaction, publication, id)
  else {
    await findChanges(transaction, publication, id)
    await assertTransitions(transaction, publication)
    const { pipeline, asOf } = publication.plan
    await endMemberships(transaction, { pipeline, of: 'membership_change', asOf, switchId: id })
    if (liveAsOf !== undefined && Date.parse(liveAsOf) === Date.parse(publication.plan.asOf))
      await restorePeriods(transaction, publication, id)
    await openPeriods(transaction, publication, id)
    await assertPeriods(transaction, publication)
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
      s.segment_key as to_segment_key, s.is_holdout, false as is_restored,
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

/** A period that the replaced publication had ended, and that this one does not end, goes on: it never ended. */
async function restorePeriods({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  await sql`
    with restored as (
      delete from membership_closed m using membership_change c
      where m.pipeline = ${plan.pipeline} and m.customer_id = c.customer_id and m.valid_to = ${instant(plan.asOf)}
        and m.segment_key = c.to_segment_key and m.is_holdout = c.is_holdout
      returning m.*, c.move_reason as reason
    ), shown as (
      insert into membership_replaced (${FACTS}, closing_publication_id)
      select ${FACTS}, closing_publication_id from restored
    ), marked as (
      update membership_change c set is_restored = true from restored r where c.customer_id = r.customer_id
    )
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id,
      restored_publication_id, restored_reason)
    select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id, ${id}::bigint, reason
    from restored order by customer_id`.execute(db)
}

async function openPeriods({ db }: WarehouseTransaction, { plan }: Publication, id: number): Promise<void> {
  await sql`
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id)
    select ${plan.pipeline}, customer_id, to_segment_key, is_holdout, move_reason, ${instant(plan.asOf)}, ${id}::bigint
    from membership_change where to_segment_key is not null and not is_restored order by customer_id`.execute(db)
}

/** Of the customers it touches: periods neither overlap, nor does one go on where an equal one ends. */
async function assertPeriods({ db }: WarehouseTransaction, { plan }: Publication): Promise<void> {
  const { rows } = await sql<{ overlaps: number; breaks: number }>`
    select count(*) filter (where valid_to is null or valid_to > next_from) as overlaps,
      count(*) filter (where valid_to = next_from and state = next_state) as breaks
    from (
      select m.valid_to, lead(m.valid_from) over following as next_from, m.state, lead(m.state) over following as next_state
      from (
        select customer_id, valid_from, valid_to, (segment_key, is_holdout) as state
        from membership_closed where pipeline = ${plan.pipeline}
        union all
        select customer_id, valid_from, null, (segment_key, is_holdout) from membership_open where pipeline = ${plan.pipeline}
      ) m join membership_change c on c.customer_id = m.customer_id
      window following as (partition by m.customer_id order by m.valid_from)
    ) period
    where next_from is not null`.execute(db)
  const { overlaps, breaks } = rows[0]!
  if (overlaps > 0) throw unreconciled(plan.runKey, `${overlaps} periods would overlap`)
  if (breaks > 0) throw unreconciled(plan.runKey, `${breaks} periods would be broken in two`)
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
