import { sql, type RawBuilder } from 'kysely'
import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { MEMBERSHIP_FACTS as FACTS } from './end-memberships.ts'
import { scorePartition } from './score-partition.ts'
import type { WarehouseTransaction } from './connection.ts'
import type { PublicationTable } from './tables.ts'

export type ReturnTarget = Pick<PublicationTable, 'id' | 'pipeline' | 'as_of' | 'customers'>

/**
 * Makes memberships what a publication said, set-based: a customer whom nothing moved since costs no row. In business time it is as if
 * nothing later had been published, nor another revision of its as-of; what was shown meanwhile is kept apart, each membership once.
 *
 * @param rollbackId names the switch in published time
 */
export async function returnMemberships(
  transaction: WarehouseTransaction,
  target: ReturnTarget,
  rollbackId: number,
): Promise<number> {
  const customers = await findReturning(transaction, target)
  await takeBackOpen(transaction, target, rollbackId)
  await takeBackClosed(transaction, target)
  await openReturned(transaction, target)
  await assertReturned(transaction, target)
  return customers
}

/**
 * Everybody whose memberships differ from the publication's, or did since. `shown_by` is the switch that consumers see the membership
 * from: this one, or where they see the same one already, the earlier one.
 *
 * @returns customers who will be seen elsewhere than now
 */
async function findReturning({ db }: WarehouseTransaction, target: ReturnTarget): Promise<number> {
  const pipeline = sql.lit(target.pipeline)
  const asOf = sql`${sql.lit(target.as_of)}::timestamptz`
  // Bind parameters are not allowed in a statement that creates a table.
  await sql`
    create temp table membership_return on commit drop as
    select coalesce(o.customer_id, s.customer_id) as customer_id, s.segment_key, s.is_holdout,
      coalesce(s.move_reason, 'definition') as move_reason, false as is_open,
      case when same.held then coalesce(o.restored_publication_id, o.publication_id) end as shown_by,
      case when same.held then coalesce(o.restored_reason, o.move_reason) end as shown_reason
    from (select * from membership_open where pipeline = ${pipeline}) o
    full join ${sql.id(scorePartition(target.id))} s on s.customer_id = o.customer_id
    cross join lateral (select coalesce(o.segment_key = s.segment_key and o.is_holdout = s.is_holdout, false) as held) same
    where not same.held or o.valid_from > ${asOf}
    union all
    select distinct c.customer_id, null, null::boolean, null, false, null::bigint, null
    from membership_closed c
    where c.pipeline = ${pipeline} and c.valid_to > ${asOf}
      and not exists (select from membership_open o where o.pipeline = c.pipeline and o.customer_id = c.customer_id)
      and not exists (select from ${sql.id(scorePartition(target.id))} s where s.customer_id = c.customer_id)`.execute(
    db,
  )
  await sql`analyze membership_return`.execute(db)
  const { rows } = await sql<{ customers: number }>`
    select count(*) as customers from membership_return r where shown_by is null and (segment_key is not null or exists (
      select from membership_open o where o.pipeline = ${target.pipeline} and o.customer_id = r.customer_id))`.execute(
    db,
  )
  return rows[0]!.customers
}

/** A period begun later never was; one that the publication had ended ends there. */
async function takeBackOpen({ db }: WarehouseTransaction, target: ReturnTarget, id: number): Promise<void> {
  const asOf = instant(target)
  await sql`
    with gone as (
      delete from membership_open o using membership_return r
      where o.pipeline = ${target.pipeline} and o.customer_id = r.customer_id
      returning o.*, r.shown_by
    ), closed as (
      insert into membership_closed (${FACTS}, valid_to, closing_publication_id)
      select ${FACTS}, ${asOf}, ${id}::bigint from gone where valid_from < ${asOf}
    )
    insert into membership_replaced (${FACTS}, closing_publication_id)
    select ${FACTS}, ${id}::bigint from gone where valid_from >= ${asOf} and shown_by is null`.execute(db)
  await sql`
    update membership_return set shown_by = ${id}::bigint, shown_reason = 'rollback'
    where segment_key is not null and shown_by is null`.execute(db)
}

/** A period that ended later, or at the as-of by another revision, goes on when the publication says so. */
async function takeBackClosed({ db }: WarehouseTransaction, target: ReturnTarget): Promise<void> {
  const asOf = instant(target)
  await sql`
    with gone as (
      delete from membership_closed m using membership_return r
      where m.pipeline = ${target.pipeline} and m.customer_id = r.customer_id and m.valid_to >= ${asOf}
        and (m.valid_from >= ${asOf} or (m.segment_key = r.segment_key and m.is_holdout = r.is_holdout))
      returning m.*, r.shown_by, r.shown_reason, m.valid_from <= ${asOf}
        and coalesce(m.segment_key = r.segment_key and m.is_holdout = r.is_holdout, false) as goes_on
    ), shown as (
      insert into membership_replaced (${FACTS}, closing_publication_id)
      select ${FACTS}, closing_publication_id from gone
    ), marked as (
      update membership_return r set is_open = true from gone g where g.goes_on and g.customer_id = r.customer_id
    )
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id,
      restored_publication_id, restored_reason)
    select pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id, shown_by, shown_reason
    from gone where goes_on order by customer_id`.execute(db)
  await sql`
    update membership_closed m set valid_to = ${asOf} from membership_return r
    where m.pipeline = ${target.pipeline} and m.customer_id = r.customer_id and m.valid_from < ${asOf}
      and m.valid_to > ${asOf}`.execute(db)
}

async function openReturned({ db }: WarehouseTransaction, target: ReturnTarget): Promise<void> {
  await sql`
    insert into membership_open (pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id,
      restored_publication_id, restored_reason)
    select ${target.pipeline}, customer_id, segment_key, is_holdout, move_reason, ${instant(target)}, ${target.id}::bigint,
      shown_by, shown_reason
    from membership_return where segment_key is not null and not is_open order by customer_id`.execute(db)
}

/** Everybody is where the publication put them, nothing later is left, and no two periods of a customer overlap or should be one. */
async function assertReturned({ db }: WarehouseTransaction, target: ReturnTarget): Promise<void> {
  const { rows } = await sql<{ right: number; open: number; later: number; unsound: number }>`
    select
      (select count(*) from membership_open where pipeline = ${target.pipeline}) as open,
      (select count(*) from membership_open o join ${sql.id(scorePartition(target.id))} s on s.customer_id = o.customer_id
        and s.segment_key = o.segment_key and s.is_holdout = o.is_holdout where o.pipeline = ${target.pipeline}) as right,
      (select count(*) from membership_open where pipeline = ${target.pipeline} and valid_from > ${instant(target)})
        + (select count(*) from membership_closed where pipeline = ${target.pipeline} and valid_to > ${instant(target)})
        as later,
      (select count(*) from (
        select valid_to, state, lead(valid_from) over following as next_from, lead(state) over following as next_state
        from (
          select customer_id, valid_from, valid_to, (segment_key, is_holdout) as state
          from membership_closed where pipeline = ${target.pipeline}
          union all
          select customer_id, valid_from, null, (segment_key, is_holdout)
          from membership_open where pipeline = ${target.pipeline}
        ) m join (select customer_id from membership_return) c using (customer_id)
        window following as (partition by customer_id order by valid_from)
      ) period where next_from is not null
        and (valid_to is null or valid_to > next_from or (valid_to = next_from and state = next_state))) as unsound`.execute(
    db,
  )
  const { right, open, later, unsound } = rows[0]!
  if (right !== target.customers || open !== target.customers || later > 0 || unsound > 0)
    throw new CountsDoNotReconcile(
      `Rolling back ${target.pipeline} stopped before anything was visible: ${open} customers would be in a segment, ${right} of them where the run put them, of ${target.customers}; ${later} periods would lie later, ${unsound} would not fit together.`,
      'What is live stays live. Report it with the output of `resegment runs` for the pipeline.',
    )
}

function instant({ as_of }: ReturnTarget): RawBuilder<unknown> {
  return sql`${as_of}::timestamptz`
}
