import { quoteName, timestamp } from '../../sql/sql-text.ts'
import type { DataRole } from '../../run/data-roles.ts'
import type { FeatureRelation } from './catalogue/entry.ts'

/** A pause of this long ends a visit. */
const PAUSE_US = 30n * 60n * 1_000_000n

export interface RelationInputs {
  /** ISO 8601, UTC. */
  readonly asOf: string
  /** Role → columns of its clean rows with their DuckDB types; the rows are in a relation named after the role. */
  readonly columns: Readonly<Partial<Record<DataRole, Readonly<Record<string, string>>>>>
}

/**
 * Common table expressions that features aggregate over, in an order in which each knows those it reads.
 *
 * @param used relations that are aggregated
 * @param mentions whether any aggregation over a relation mentions a column: what nobody asks for is not computed
 */
export function compileRelations(
  inputs: RelationInputs,
  used: ReadonlySet<FeatureRelation>,
  mentions: (relation: FeatureRelation, column: string) => boolean,
): readonly string[] {
  const before = `where occurred_at < ${timestamp(inputs.asOf)}`
  const needsOrders = used.has('orders') || used.has('purchases')
  return [
    ...(inputs.columns.transactions ? [`lines as not materialized (select * from transactions ${before})`] : []),
    ...(needsOrders ? orders(inputs, mentions) : []),
    ...(used.has('purchases') ? purchases(mentions('purchases', 'previous_us')) : []),
    ...(used.has('customers') ? [customerRows(inputs)] : []),
    ...(used.has('events') || used.has('sessions')
      ? [`event_rows as not materialized (select * from events ${before})`]
      : []),
    ...(used.has('sessions') ? sessions('session_id' in (inputs.columns.events ?? {})) : []),
    ...(used.has('survey') ? [`survey_rows as not materialized (select * from survey ${before})`] : []),
    ...(used.has('tickets') ? [ticketRows(inputs, before)] : []),
    ...(used.has('touches') ? [`touch_rows as not materialized (select * from touches ${before})`] : []),
  ]
}

/** A query that fails where an aggregate does not fit a relation; it reads no rows. */
export function compileTrial(inputs: RelationInputs, relation: FeatureRelation, aggregate: string): string {
  const tables = compileRelations(inputs, new Set([relation]), () => true)
  return `with ${tables.join(', ')} select ${aggregate} as value from ${relationNames[relation]} where false group by customer_id`
}

/** What a relation is called in the SQL. */
export const relationNames: Readonly<Record<FeatureRelation, string>> = {
  orders: 'orders',
  purchases: 'purchases',
  lines: 'lines',
  customers: 'customer_rows',
  events: 'event_rows',
  sessions: 'sessions',
  survey: 'survey_rows',
  tickets: 'ticket_rows',
  touches: 'touch_rows',
}

/** An order is the lines of one order_id of a customer that are not returns. The customer alone is grouped by: it says the bucket. */
function orders(
  { columns }: RelationInputs,
  mentions: (relation: FeatureRelation, column: string) => boolean,
): readonly string[] {
  const there = columns.transactions ?? {}
  const further = {
    line_count: 'count(*)',
    ...('quantity' in there ? { units: 'sum(quantity)' } : {}),
    ...('channel' in there ? { channel: 'min(channel)' } : {}),
  }
  const asked = Object.entries(further).filter(([name]) => mentions('orders', name))
  const grouped = `
        select min(bucket) as bucket, customer_id, order_id, min(epoch_us(occurred_at)) as instant_us, sum(amount) as spent${asked.map(([name, sql]) => `, ${sql} as ${name}`).join('')}
        from lines
        where not is_return
        group by customer_id, order_id`
  if (!mentions('orders', 'previous_us')) return [`orders as (${grouped}\n      )`]
  return [
    `single_orders as (${grouped}\n      )`,
    // Among orders of one instant all but the first find that instant before them.
    `orders as (
        select *, nullif(lag(instant_us) over (partition by customer_id order by instant_us, order_id), instant_us) as previous_us
        from single_orders
      )`,
  ]
}

/** One row for each distinct instant at which a customer ordered; with the one before, when a feature asks for it. */
function purchases(withPrevious: boolean): readonly string[] {
  const instants = `
        select bucket, customer_id, instant_us, count(*) as order_count, sum(spent) as spent
        from orders
        group by bucket, customer_id, instant_us`
  if (!withPrevious) return [`purchases as (${instants}\n      )`]
  return [
    `instants as (${instants}\n      )`,
    `purchases as (
        select *, lag(instant_us) over (partition by bucket, customer_id order by instant_us) as previous_us
        from instants
      )`,
  ]
}

/** What lies at or after the as-of was not known then. */
function customerRows({ asOf, columns }: RelationInputs): string {
  const names = Object.entries(columns.customers ?? {}).filter(([name]) => name !== 'bucket' && name !== 'customer_id')
  const values = names.map(([name, type]) => {
    const column = quoteName(name)
    const known = type === 'TIMESTAMP' || type === 'DATE' ? ` filter (where ${column} < ${timestamp(asOf)})` : ''
    return `, max(${column})${known} as ${column}`
  })
  return `customer_rows as (
        select bucket, customer_id${values.join('')}
        from customers
        group by bucket, customer_id
      )`
}

function sessions(withIds: boolean): readonly string[] {
  const instants = `event_instants as (
        select bucket, customer_id, epoch_us(occurred_at) as event_us, count(*) as event_count
        from event_rows${withIds ? '\n        where session_id is null' : ''}
        group by bucket, customer_id, event_us
      )`
  const pauses = `event_pauses as (
        select *, event_us - lag(event_us) over (partition by bucket, customer_id order by event_us) as pause_us
        from event_instants
      )`
  const visits = `event_visits as (
        select *, count(*) filter (where pause_us is null or pause_us > ${PAUSE_US})
          over (partition by bucket, customer_id order by event_us) as visit
        from event_pauses
      )`
  const byPause = `
        select bucket, customer_id, min(event_us) as started_us, max(event_us) as ended_us, cast(sum(event_count) as bigint) as event_count
        from event_visits
        group by bucket, customer_id, visit`
  const byId = `
        select bucket, customer_id, min(epoch_us(occurred_at)) as started_us, max(epoch_us(occurred_at)) as ended_us, count(*) as event_count
        from event_rows
        where session_id is not null
        group by bucket, customer_id, session_id`
  return [instants, pauses, visits, `sessions as (${withIds ? `${byId}\n        union all` : ''}${byPause}\n      )`]
}

function ticketRows({ asOf, columns }: RelationInputs, before: string): string {
  const known =
    'resolved_at' in (columns.tickets ?? {})
      ? `* replace (case when resolved_at < ${timestamp(asOf)} then resolved_at end as resolved_at)`
      : '*'
  return `ticket_rows as not materialized (select ${known} from tickets ${before})`
}
