import { timestamp } from '../sql/sql-text.ts'

export interface OutcomeRows {
  /** Relations with customer_id, bucket and segment_key: as they were published, and as they are in the run that knows the outcome. */
  readonly members: string
  readonly laterMembers: string
  /** Relation of the clean transactions of the later run. */
  readonly lines: string
  /** ISO 8601, UTC: what members were looked at from, and what the outcome ends with. */
  readonly from: string
  readonly until: string
}

/**
 * A row a customer who is in both runs, in an order that is always the same: numbers of the segments then and later, what the customer did
 * before `from` and from then on, and a number of who it is. Nothing of the outcome lies before `from`, and nothing that was known lies after it.
 */
export function outcomesQuery({ members, laterMembers, lines, from, until }: OutcomeRows): string {
  const since = `occurred_at >= ${timestamp(from)} and occurred_at < ${timestamp(until)}`
  const before = `occurred_at < ${timestamp(from)}`
  const money = (when: string): string => `coalesce(sum(amount) filter (where ${when}), 0)`
  const orders = (when: string): string => `count(distinct order_id) filter (where not is_return and ${when})`
  return `
with sums as (
  select customer_id, ${money(since)} as spend, ${orders(since)} as orders, ${money(before)} as past_spend,
    ${orders(before)} as past_orders, max(epoch_us(occurred_at)) filter (where not is_return and ${before}) as last_order
  from ${lines} group by customer_id
)
select cast(dense_rank() over (order by m.segment_key) - 1 as integer) as segment,
  cast(dense_rank() over (order by l.segment_key) - 1 as integer) as later_segment,
  cast(coalesce(s.spend, 0) as double) as spend, cast(coalesce(s.orders, 0) as double) as orders,
  cast(coalesce(s.past_spend, 0) as double) as past_spend, cast(coalesce(s.past_orders, 0) as double) as past_orders,
  cast(coalesce(s.last_order, 0) as double) as last_order,
  cast(hash(m.customer_id) % 2147483647 as integer) as who
from ${members} m
join ${laterMembers} l on l.customer_id = m.customer_id
left join sums s on s.customer_id = m.customer_id
order by m.bucket, m.customer_id`
}

/** Of those who ordered since and had ordered before, how many there are and how many of them were in a segment. */
export function coverageQuery({ members, lines, from, until }: Omit<OutcomeRows, 'laterMembers'>): string {
  return `
select count(*) as buyers, count(m.customer_id) as covered
from (
  select customer_id from ${lines} where not is_return and occurred_at < ${timestamp(until)}
  group by customer_id
  having bool_or(occurred_at < ${timestamp(from)}) and bool_or(occurred_at >= ${timestamp(from)})
) b left join ${members} m on m.customer_id = b.customer_id`
}
