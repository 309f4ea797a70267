import { type RawBuilder, sql } from 'kysely'
import type { WarehouseTransaction } from './connection.ts'

/** What a membership keeps wherever it is moved. */
export const MEMBERSHIP_FACTS =
  sql.raw(`pipeline, customer_id, segment_key, is_holdout, move_reason, valid_from, publication_id,
  restored_publication_id, restored_reason`)

export interface Ending {
  readonly pipeline: string
  /** Table of the transaction with a `customer_id`: whose memberships end. */
  readonly of: string
  /** ISO 8601: where their periods end in business time. One that began there never was, and is kept apart. */
  readonly asOf: string
  /** The switch with which consumers cease to see them. */
  readonly switchId: number
}

export async function endMemberships(
  { db }: Pick<WarehouseTransaction, 'db'>,
  { pipeline, of, asOf, switchId }: Ending,
): Promise<void> {
  const end: RawBuilder<unknown> = sql`${asOf}::timestamptz`
  await sql`
    with gone as (
      delete from membership_open o using ${sql.id(of)} c
      where o.pipeline = ${pipeline} and o.customer_id = c.customer_id
      returning o.*
    ), closed as (
      insert into membership_closed (${MEMBERSHIP_FACTS}, valid_to, closing_publication_id)
      select ${MEMBERSHIP_FACTS}, ${end}, ${switchId}::bigint from gone where valid_from < ${end}
    )
    insert into membership_replaced (${MEMBERSHIP_FACTS}, closing_publication_id)
    select ${MEMBERSHIP_FACTS}, ${switchId}::bigint from gone where valid_from >= ${end}`.execute(db)
}
