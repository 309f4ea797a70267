import { quoteName } from '../sql/sql-text.ts'
import type { DataRole } from '../run/data-roles.ts'
import type { KpiEntry } from './entry.ts'
import type { KpiSums } from './estimate.ts'
import { attributionOf, ratingOf, type KpiInputs } from './inputs.ts'
import { kpiRelations, periodsRelation } from './relations.ts'
import { termOf, type TermName } from './terms.ts'

/** Entries that the data have all terms of. */
export function computable(entries: readonly KpiEntry[], inputs: KpiInputs): readonly KpiEntry[] {
  return entries.filter(({ measure }) => [measure.of, measure.by].every((name) => isKnown(name, inputs)))
}

/** Roles whose rows a figure is made of. */
export function rolesOf({ measure }: KpiEntry, inputs: KpiInputs): readonly DataRole[] {
  const named = [measure.of, measure.by].flatMap((name) => (termOf(name).needs ?? []).map(({ role }) => role))
  const rated = measure.by === 'rated' ? [ratingOf(inputs)!.role] : []
  return [...new Set([...named, ...rated])]
}

function isKnown(name: TermName, inputs: KpiInputs): boolean {
  const { needs = [] } = termOf(name)
  const isMapped = needs.every(
    ({ role, columns = [] }: { readonly role: DataRole; readonly columns?: readonly string[] }) =>
      columns.every((column) => inputs.columns[role]?.includes(column)) && inputs.columns[role] !== undefined,
  )
  if (!isMapped) return false
  if (name === 'predicted' || name === 'forecast') return inputs.predicted !== null
  if (name === 'rated' || name === 'satisfied') return ratingOf(inputs) !== null
  if (name === 'answered' || name === 'recommendation') return inputs.settings.nps.question !== undefined
  return name !== 'attributed' || attributionOf(inputs) !== null
}

/**
 * Sums over the customers of a shard by period and segment: rows of `period`, `segment_key` and, for the entry at position i, `n_i`
 * (customers whom it is of), `x_i` and `y_i` (sums of its terms), `xx_i`, `xy_i`, `yy_i` (of their products), as `readSums` reads them. Money is in hundredths. All are
 * whole numbers, so that shards add up to the same whichever they are.
 */
export function compileKpis(entries: readonly KpiEntry[], inputs: KpiInputs): string {
  const { members, ofShard, isOfBuyers, predicted, columns } = inputs
  const has = (role: DataRole): boolean => columns[role] !== undefined
  const own = predicted ? 'q.predicted' : 'cast(null as hugeint)'
  const joins = [
    ...(has('transactions')
      ? ['left join bought b', 'left join paid d', 'left join lifetimes l'].map(
          (join) => `${join} using (customer_id, period)`,
        )
      : []),
    ...(has('events') ? ['left join seen e using (customer_id, period)'] : []),
    ...(ratingOf(inputs) ? ['left join ratings s using (customer_id, period)'] : []),
    ...(inputs.settings.nps.question !== undefined && has('survey')
      ? ['left join recommendations a using (customer_id, period)']
      : []),
    ...(has('touches')
      ? ['left join touched t using (customer_id, period)', 'left join contacted c using (customer_id, period)']
      : []),
  ]
  const before = has('transactions')
    ? 'left join bought f on f.customer_id = g.customer_id and f.period = g.period + 1'
    : ''
  const used = [...new Set(entries.flatMap(({ measure }) => [measure.of, measure.by]))]
  const values = used.map((name) => `${wholeOf(name)} as ${quoteName(name)}`)
  return `
with ${[periodsRelation(inputs), ...kpiRelations(inputs)].join(',\n')},
people as (
  select r.customer_id, r.segment_key, p.period, ${predicted ? `case when p.period = 0 then ${own} end` : own} as predicted
  from (select customer_id, segment_key from ${members} where ${ofShard}) r
  ${isOfBuyers ? 'join known k on k.customer_id = r.customer_id' : ''}
  ${predicted ? 'left join predictions q on q.customer_id = r.customer_id' : ''}
  join periods p on ${isOfBuyers ? 'k.first_at < p.end_at' : 'true'}
),
grid as (select g.*${has('transactions') ? ', f.orders as orders_before' : ''} from people g ${before}),
terms as (
  select period, segment_key, ${values.join(', ')}
  from grid
  ${joins.join('\n  ')}
)
select period, segment_key, ${entries.map(sumsOf).join(', ')}
from terms
group by period, segment_key
order by period, segment_key`
}

/** What follows from other sums is not summed: of indicators the square is the indicator. */
function sumsOf({ measure }: KpiEntry, i: number): string {
  const [x, y] = [measure.of, measure.by].map((name) => quoteName(name)) as [string, string]
  // A customer without any of the denominator says nothing of it; costs may also come without revenue.
  const among = measure.kind === 'ratio' ? `${x} <> 0 or ${y} <> 0` : `${y} <> 0`
  const sum = (value: string, name: string): string =>
    `coalesce(sum(${value}) filter (where ${among}), 0) as ${name}_${i}`
  return [
    `count(*) filter (where ${among}) as n_${i}`,
    sum(x, 'x'),
    ...(measure.kind === 'share' ? [] : [sum(`${x} * ${x}`, 'xx')]),
    ...(measure.kind === 'ratio' ? [sum(y, 'y'), sum(`${x} * ${y}`, 'xy'), sum(`${y} * ${y}`, 'yy')] : []),
  ].join(', ')
}

/** The sums of the entry at position i out of a row of `compileKpis`. */
export function readSums({ measure }: KpiEntry, i: number, row: Readonly<Record<string, unknown>>): KpiSums {
  const sum = (name: string): bigint => BigInt(row[`${name}_${i}`] as number | bigint)
  const [n, x] = [sum('n'), sum('x')]
  if (measure.kind === 'ratio') return { n, x, y: sum('y'), xx: sum('xx'), xy: sum('xy'), yy: sum('yy') }
  return { n, x, y: n, xx: measure.kind === 'share' ? x : sum('xx'), xy: x, yy: n }
}

function wholeOf(name: TermName): string {
  const { sql, isMoney } = termOf(name)
  if (name === 'predicted') return `cast(${sql} as hugeint)`
  return isMoney ? `cast(cast(${sql} as decimal(24, 2)) * 100 as hugeint)` : `cast(${sql} as bigint)`
}
