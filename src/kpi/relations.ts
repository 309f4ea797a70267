import { quoteName, quoteText, timestamp } from '../sql/sql-text.ts'
import type { ClosedPeriod } from '../run/segment-kpi.ts'
import { attributionOf, lineCost, ratingOf, type KpiInputs } from './inputs.ts'

const DAY_US = 86_400_000_000n

/** The period an instant lies in: 0 is the newest, those before all of them the last number. */
function periodOf(instant: string, periods: readonly ClosedPeriod[]): string {
  const cases = periods.map(({ start }, i) => `when ${instant} >= ${timestamp(start)} then ${i}`)
  return `case ${cases.join(' ')} else ${periods.length} end`
}

/** Periods that are shown, by number and end. */
export function periodsRelation({ periods }: Pick<KpiInputs, 'periods'>): string {
  const listed = periods.slice(0, -1).map(({ end }, i) => `(${i}, ${timestamp(end)})`)
  return `periods(period, end_at) as (values ${listed.join(', ')})`
}

/** Common table expressions with a row a customer and period each; they read relation `periods`. */
export function kpiRelations(inputs: KpiInputs): readonly string[] {
  const { columns, periods, settings, predicted } = inputs
  const end = `occurred_at < ${timestamp(periods[0]!.end)}`
  const within = `occurred_at >= ${timestamp(periods.at(-1)!.start)} and ${end}`
  const inPeriod = periodOf('occurred_at', periods)
  const latest = (what: string, from: string): string => `
  select customer_id, ${inPeriod} as period, max(row(occurred_at, ${what}))[2] as ${what}
  from (${from}) where ${what} is not null and ${within} group by all`
  const rating = ratingOf(inputs)
  const { question } = settings.nps
  return [
    ...(predicted
      ? [
          `predictions as (select customer_id, case when isfinite(${quoteName(predicted.column)}) then cast(round(${quoteName(predicted.column)} * 100) as hugeint) end as predicted from ${predicted.table})`,
        ]
      : []),
    ...(columns.touches ? touchRelations(inputs, within, end) : []),
    ...(columns.transactions ? buyingRelations(inputs, end) : []),
    ...(columns.events
      ? [
          `seen as (select customer_id, ${inPeriod} as period, count(*) as event_count from events where ${within} group by all)`,
        ]
      : []),
    ...(rating
      ? [
          `ratings as (select customer_id, period, rating, rating >= ${settings.csat.satisfied} as is_satisfied from (${latest('rating', rating.sql)}))`,
        ]
      : []),
    ...(question !== undefined && columns.survey
      ? [
          `recommendations as (${latest(
            'recommends',
            `select customer_id, occurred_at, case when try_cast(answer as integer) between 0 and 10 then try_cast(answer as integer) end as recommends from survey where question = ${quoteText(question)}`,
          )})`,
        ]
      : []),
  ]
}

function buyingRelations(inputs: KpiInputs, end: string): readonly string[] {
  const { columns, periods, settings } = inputs
  const by = attributionOf(inputs)
  const hasTouches = columns.touches !== undefined
  const windowUs = daysOf(settings.attribution.window) * DAY_US
  const isBrought = `t.touched_at is not null and epoch_us(o.occurred_at) - epoch_us(t.touched_at) < ${windowUs}`
  const cost = lineCost(settings)
  const hasCost = columns.transactions!.includes('cost')
  return [
    `lines as not materialized (select * from transactions where ${end})`,
    `known as (select customer_id, min(occurred_at) as first_at from lines group by customer_id)`,
    `single_orders as (
  select customer_id, order_id, min(occurred_at) as occurred_at, sum(amount) as ordered
  from lines where not is_return group by customer_id, order_id
)`,
    `orders as (
  select o.*, ${hasTouches ? `t.campaign as brought_by, ${isBrought}` : 'false'} as is_brought
  from single_orders o${hasTouches ? ' asof left join touch_instants t on t.customer_id = o.customer_id and t.touched_at <= o.occurred_at' : ''}
)`,
    `bought as (
  select customer_id, ${periodOf('occurred_at', periods)} as period, count(*) as orders, min(occurred_at) <> max(occurred_at) as came_again,
    sum(ordered) as ordered, count(*) filter (where is_brought) as attributed_orders,
    sum(ordered) filter (where is_brought) as ${by === 'orders' ? 'attributed' : 'brought'}
  from orders group by all
)`,
    `paid as (
  select customer_id, ${periodOf('occurred_at', periods)} as period, sum(amount) as spent,
    ${hasCost ? 'sum(amount) filter (where cost is not null)' : 'null'} as costed,
    ${hasCost ? `sum(case when is_return then -${cost} else ${cost} end)` : 'null'} as line_cost
  from lines group by all
)`,
    `lifetimes as (
  select p.customer_id, q.period, sum(p.spent) as lifetime
  from paid p join periods q on p.period >= q.period group by all
)`,
  ]
}

function touchRelations(inputs: KpiInputs, within: string, end: string): readonly string[] {
  const { columns, periods } = inputs
  const there = columns.touches!
  const sum = (column: string): string => (there.includes(column) ? `sum(${column})` : 'null')
  const answered = there.includes('responded') ? 'coalesce(bool_or(responded), false)' : 'false'
  return [
    `touch_instants as (select customer_id, occurred_at as touched_at, max(campaign) as campaign from touches where ${end} group by all)`,
    `touched as (
  select customer_id, ${periodOf('occurred_at', periods)} as period, count(*) as touch_count, ${sum('cost')} as contact_cost,
    ${sum('revenue')} as ${attributionOf(inputs) === 'touches' ? 'attributed' : 'said_revenue'}
  from touches where ${within} group by all
)`,
    `contacts as (
  select customer_id, campaign, min(occurred_at) as occurred_at, ${answered} as is_answered
  from touches where ${end} group by customer_id, campaign
)`,
    `contacted as (
  select customer_id, ${periodOf('occurred_at', periods)} as period, count(*) as contacts, count(*) filter (where is_answered) as responses
  from contacts group by all
)`,
  ]
}

function daysOf(window: string): bigint {
  const [count, unit] = window.split(' ')
  return BigInt(count!) * (unit === 'weeks' ? 7n : 1n)
}
