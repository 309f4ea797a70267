import { timestamp } from '../sql/sql-text.ts'
import type { OutcomeRows } from './effectiveness-query.ts'

export interface SegmentOutcomeRows extends Omit<OutcomeRows, 'laterMembers'> {
  /** Relation of the clean touches of the later run; null: there are none, or nobody says what they cost. */
  readonly touches: string | null
  /** SQL of what a line cost, 0 or more; null: no source says. */
  readonly lineCost: string | null
}

/**
 * A row a customer of the judged run, in an order that is always the same: number of the segment, whether held out, and from `from` on whether the
 * customer ordered, spent what, earned what (amount less cost of the lines whose cost is known; what was spent where none is), and cost what to
 * reach.
 */
export function segmentOutcomesQuery(rows: SegmentOutcomeRows): string {
  const { members, lines, touches, lineCost, from, until } = rows
  const since = `occurred_at >= ${timestamp(from)} and occurred_at < ${timestamp(until)}`
  const earned =
    lineCost === null
      ? 'sum(amount)'
      : `sum(amount - case when is_return then -${lineCost} else ${lineCost} end) filter (where cost is not null)`
  return `
with sums as (
  select customer_id, coalesce(sum(amount), 0) as spend, coalesce(${earned}, 0) as earned, bool_or(not is_return) as ordered
  from ${lines} where ${since} group by customer_id
)${
    touches === null
      ? ''
      : `,
reached as (
  select customer_id, coalesce(sum(cost), 0) as contact_cost from ${touches} where ${since} group by customer_id
)`
  }
select cast(dense_rank() over (order by m.segment_key) - 1 as integer) as segment,
  cast(coalesce(m.is_holdout, false) as integer) as held_out,
  cast(coalesce(s.ordered, false) as integer) as ordered, cast(coalesce(s.spend, 0) as double) as spend,
  cast(coalesce(s.earned, 0) as double) as earned,
  ${touches === null ? 'cast(0 as double)' : 'cast(coalesce(r.contact_cost, 0) as double)'} as contact_cost
from ${members} m
left join sums s on s.customer_id = m.customer_id
${touches === null ? '' : 'left join reached r on r.customer_id = m.customer_id'}
order by m.bucket, m.customer_id`
}

/** Keys of the segments by their number. */
export function segmentKeysQuery(members: string): string {
  return `select distinct segment_key from ${members} order by segment_key`
}
