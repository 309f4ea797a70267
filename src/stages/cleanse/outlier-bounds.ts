import { quoteName } from '../../sql/sql-text.ts'
import { compileCleanse } from './compile-cleanse.ts'
import type { CompiledCleanse } from './compile-cleanse.ts'
import type { RuleFacts } from './compiled-rule.ts'
import type { CleanseRule } from './config.ts'
import { isReturnRule } from './judge-rows.ts'
import type { NamedRule } from './name-rules.ts'

import type { RawColumn } from './raw-columns.ts'

type OutliersRule = CleanseRule & { rule: 'outliers' }

/** Table of the values that an outliers rule judges, added to shard by shard: (value, rows). */
export const HISTOGRAM = 'histogram'

/** One outliers rule of a role, with the rules that decide which rows it sees. */
export interface PlannedOutliers {
  readonly name: string
  readonly rule: OutliersRule
  readonly before: readonly NamedRule[]
}

/** Bounds come from rows that no earlier rule rejects, other outliers rules and `unmatched` apart: these wait for figures of other rows. */
export function plannedOutliers(named: readonly NamedRule[]): readonly PlannedOutliers[] {
  return named.flatMap(({ name, rule }, index) => {
    if (rule.rule !== 'outliers') return []
    const before = named
      .slice(0, index)
      .filter((other) => other.rule.rule !== 'outliers' && other.rule.rule !== 'unmatched')
    return [{ name, rule, before }]
  })
}

/** Judges a shard by the rules before, and makes a histogram of what is left: exact numbers, so that it adds up in any order. */
export function compileHistogram(
  { rule, before }: PlannedOutliers,
  raw: string,
  columns: readonly RawColumn[],
  facts: Omit<RuleFacts, 'keepsUnreadable'>,
): { readonly judge: CompiledCleanse; readonly histogram: string } {
  const judge = compileCleanse(before, raw, columns, facts)
  const bought = judge.rules.flatMap((one, index) => (isReturnRule(one) ? [`and not __match_${index}`] : []))
  const column = quoteName(rule.column)
  return {
    judge,
    histogram: `
      select ${column} as value, count(*) as rows
      from judged
      where __verdict is null and ${column} is not null ${bought.join(' ')}
      group by ${column}`,
  }
}

/** One row (lower VARCHAR, upper VARCHAR) from table `histogram`; NULL: no bound. */
export function compileBounds({ quantiles, madTimes }: OutliersRule): string {
  const added = `select value, cast(sum(rows) as bigint) as rows from ${HISTOGRAM} group by value`
  if (quantiles) {
    const bound = (share: number | undefined): string => (share === undefined ? 'null' : valueAt('counted', share))
    return `with counted as (${added}) select cast(${bound(quantiles.lower)} as varchar) as lower, cast(${bound(quantiles.upper)} as varchar) as upper`
  }
  // The deviations of a histogram are a histogram again. A median is a value of the data, so that everything stays exact.
  return `with counted as (${added}),
    centre as (select ${valueAt('counted', 0.5)} as value),
    deviations as (
      select abs(counted.value - centre.value) as value, cast(sum(rows) as bigint) as rows from counted, centre group by 1),
    spread as (select ${valueAt('deviations', 0.5)} as value)
    select cast(case when spread.value > 0 then ${away('-', madTimes!)} end as varchar) as lower,
      cast(case when spread.value > 0 then ${away('+', madTimes!)} end as varchar) as upper
    from centre, spread`
}

/** The smallest value that at least this share of the rows does not exceed. */
function valueAt(counted: string, share: number): string {
  return `(select min(value) from (
    select value, sum(rows) over (order by value rows unbounded preceding) as reached, cast(sum(rows) over () as bigint) as total from ${counted})
    where reached >= cast(${share} as decimal(18, 9)) * total)`
}

function away(sign: '+' | '-', times: number): string {
  return `cast(centre.value ${sign} spread.value * cast(${times} as decimal(9, 4)) as decimal(18, 4))`
}
