import { WrongUsage } from '../errors/wrong-usage.ts'
import { quoteName, timestamp } from '../sql/sql-text.ts'
import type { OutcomeLayout } from './outcome-query.ts'

/** Where clean rows of a run are; null: the pipeline does not read that role. */
export interface MeasuredRows {
  readonly transactions: string | null
  readonly touches: string | null
}

/** What customers are looked at from and until, ISO 8601, UTC: [from, until). */
export interface MeasuredSpan {
  readonly from: string
  readonly until: string
}

const ofTransactions = ['conversion', 'orders', 'spend'] as const
const ofTouches = ['contacts', 'response'] as const
type Metric = (typeof ofTransactions)[number] | (typeof ofTouches)[number]

/**
 * What can be measured of customers by the rows of a run: `conversion` (whether they ordered), `orders`, `spend` (returns taken off);
 * `contacts` and `response` (whether they answered one). Each is known of the time before too.
 *
 * @param wanted default: all that the rows tell, but contacts, which are what was done
 * @throws WrongUsage
 */
export function layOutMeasured(rows: MeasuredRows, wanted: readonly string[] | undefined): OutcomeLayout {
  const there: readonly Metric[] = [
    ...(rows.transactions === null ? [] : ofTransactions),
    ...(rows.touches === null ? [] : ofTouches),
  ]
  const unknown = wanted?.find((name) => !(there as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new WrongUsage(
      `The rows of the run tell nothing of ${unknown}; they tell of ${there.join(', ')}.`,
      'Name one of these with --metric, or give what you measured yourself with --outcomes.',
    )
  const names = wanted ?? there.filter((name) => name !== 'contacts')
  const metrics = names.map((name) => ({ name, before: `${name}_before` }))
  return { customer: 'customer_id', arm: null, segment: null, metrics }
}

/**
 * A relation with a row a customer of table `assigned`, as `outcomeQuery` reads one: each metric within the span, and within a time as long
 * right before it. Whoever has no rows did nothing.
 */
export function measuredRelation(
  assigned: string,
  rows: MeasuredRows,
  { from, until }: MeasuredSpan,
  { metrics }: Pick<OutcomeLayout, 'metrics'>,
): string {
  const start = new Date(2 * Date.parse(from) - Date.parse(until)).toISOString()
  const within = `occurred_at >= ${timestamp(from)} and occurred_at < ${timestamp(until)}`
  const before = `occurred_at >= ${timestamp(start)} and occurred_at < ${timestamp(from)}`
  const names = metrics.flatMap(({ name, before: past }) => [
    { name, metric: name as Metric, when: within },
    ...(past === null ? [] : [{ name: past, metric: name as Metric, when: before }]),
  ])
  const joins = (['transactions', 'touches'] as const).flatMap((role) => {
    const mine = names.filter(
      ({ metric }) => (ofTouches as readonly string[]).includes(metric) === (role === 'touches'),
    )
    if (rows[role] === null || mine.length === 0) return []
    const figures = mine.map(({ name, metric, when }) => `${figureOf(metric, when)} AS ${quoteName(name)}`)
    return [
      `LEFT JOIN (SELECT customer_id, ${figures.join(', ')} FROM ${rows[role]} GROUP BY customer_id) ${role} USING (customer_id)`,
    ]
  })
  const columns = names.map(({ name }) => `coalesce(${quoteName(name)}, 0) AS ${quoteName(name)}`)
  return `(SELECT customer_id, ${columns.join(', ')} FROM ${quoteName(assigned)} ${joins.join(' ')})`
}

function figureOf(metric: Metric, when: string): string {
  switch (metric) {
    case 'conversion':
      return `CAST(coalesce(bool_or(NOT is_return) FILTER (WHERE ${when}), false) AS INTEGER)`
    case 'orders':
      return `count(DISTINCT order_id) FILTER (WHERE NOT is_return AND ${when})`
    case 'spend':
      return `CAST(coalesce(sum(amount) FILTER (WHERE ${when}), 0) AS DOUBLE)`
    case 'contacts':
      return `count(*) FILTER (WHERE ${when})`
    case 'response':
      return `CAST(coalesce(bool_or(responded) FILTER (WHERE ${when}), false) AS INTEGER)`
  }
}
