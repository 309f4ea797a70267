import { type RawBuilder, sql } from 'kysely'
import type { WarehouseTransaction } from '../connection.ts'

const COLUMNS = sql.raw(
  `customer_id, segment_key, is_holdout, coalesce(restored_publication_id, publication_id) as opened_by`,
)

/** Every membership that was ever shown, and what began and ended it. */
function shownOf(pipeline: string): RawBuilder<unknown> {
  return sql`
    select ${COLUMNS}, null::bigint as closed_by from membership_open where pipeline = ${pipeline}
    union all select ${COLUMNS}, closing_publication_id from membership_closed where pipeline = ${pipeline}
    union all select ${COLUMNS}, closing_publication_id from membership_replaced where pipeline = ${pipeline}`
}

/**
 * Whatever changed what consumers see: publications, returns to one and withdrawals of customers from one, which is then `content_id`. All are
 * of one sequence.
 */
export function switchesOf(pipeline: string): RawBuilder<unknown> {
  return sql`
    select id, 'publication' as kind, id as content_id, published_at as shown_at from publication
    where pipeline = ${pipeline} and published_at is not null
    union all select id, 'rollback', to_publication_id, rolled_back_at from rollback where pipeline = ${pipeline}
    union all select id, 'withdrawal', publication_id, withdrawn_at from withdrawal where pipeline = ${pipeline}`
}

/** The segment that a destination may know of; null for the holdout, and for segments that it does not hear of. */
function visible(side: string, segments: readonly string[] | null): RawBuilder<unknown> {
  const key = sql.ref(`${side}.segment_key`)
  const heard = segments === null ? sql`true` : sql`${key} = any(${segments}::text[])`
  return sql`case when not ${sql.ref(`${side}.is_holdout`)} and ${heard} then ${key} end`
}

/** What a publication, or a return to one, changed for a destination: customer_id, from_key, to_key. As view `segment_events`, but the holdout is nowhere. */
export function changesOf(
  pipeline: string,
  publicationId: number,
  segments: readonly string[] | null,
): RawBuilder<unknown> {
  return sql`
    with shown as materialized (
      select * from (${shownOf(pipeline)}) m where opened_by = ${publicationId}::bigint or closed_by = ${publicationId}::bigint
    ), change as (
      select coalesce(o.customer_id, e.customer_id) as customer_id, ${visible('e', segments)} as from_key,
        ${visible('o', segments)} as to_key
      from (select * from shown where opened_by = ${publicationId}::bigint and closed_by is distinct from ${publicationId}::bigint) o
      full join (select * from shown where closed_by = ${publicationId}::bigint) e on e.customer_id = o.customer_id
    )
    select customer_id, from_key, to_key from change where from_key is distinct from to_key`
}

/** Everybody who is a member now: customer_id, from_key (null), to_key. */
export function membersOf(pipeline: string, segments: readonly string[] | null): RawBuilder<unknown> {
  return sql`
    select customer_id, null::text as from_key, segment_key as to_key from membership_open o
    where pipeline = ${pipeline} and ${visible('o', segments)} is not null`
}

/** Ids that an effect of these publications, or of everybody, may be about. */
export function customersOf(pipeline: string, publicationIds: readonly number[]): RawBuilder<unknown> {
  return sql`
    select distinct customer_id from (${shownOf(pipeline)}) m
    where closed_by is null or opened_by = any(${publicationIds}::bigint[]) or closed_by = any(${publicationIds}::bigint[])`
}

const ROWS_A_PAGE = 10_000

/** Rows of a query, a page at a time, inside the transaction. */
export async function* pagesOf<Row>(
  { db }: WarehouseTransaction,
  query: RawBuilder<unknown>,
): AsyncGenerator<readonly Row[]> {
  await sql`declare effect_page no scroll cursor for ${query}`.execute(db)
  try {
    for (;;) {
      const { rows } = await sql.raw<Row>(`fetch ${ROWS_A_PAGE} from effect_page`).execute(db)
      if (rows.length > 0) yield rows
      if (rows.length < ROWS_A_PAGE) return
    }
  } finally {
    // A failed transaction has closed it.
    await sql`close effect_page`.execute(db).catch(() => undefined)
  }
}
