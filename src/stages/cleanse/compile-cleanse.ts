import { compileRule } from './compile-rule.ts'
import type { CompiledRule } from './compile-rule.ts'
import type { NamedRule } from './name-rules.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { BUCKET, mappedColumns, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

/** Raised whenever the stage's meaning changes. */
export const CLEANSE_VERSION = 1

/** A query with a total order of its rows (rows that tie are equal). */
export interface OrderedQuery {
  readonly query: string
  readonly orderBy: string
}

/** The SQL of a shard. It reads relation `raw`; everything but `judged` reads a table `judged` made of that query. */
export interface CompiledCleanse {
  readonly rules: readonly CompiledRule[]
  /** Distinct raw rows with their number of copies, the rules that match, and the first that rejects. */
  readonly judged: string
  readonly clean: OrderedQuery
  readonly rejects: OrderedQuery
  /** One row: `rows_in`, `rows_out`, `customers`, and `matched_<i>`, `rejected_<i>` for rule i. */
  readonly counts: string
  /** (rule INTEGER, reason VARCHAR, rows BIGINT) of the rules that can fail a run; no value of a row in it. */
  readonly reasons: string
}

/**
 * Compiles cleansing of one shard.
 *
 * A rule's `matched` counts the rows that match it, whatever other rules say of them; a row is rejected by the first rule that matches it
 * and rejects. Two things follow from `cancellations` with `do: net`: the line is kept with a negative amount, whichever sign the
 * source gives it, and `range` rules after it leave its amount and quantity alone (they would reject every return otherwise).
 *
 * A kept line is a return (`is_return`) when it was netted or its amount is below 0.
 *
 * @param columns of the raw rows, in order
 * @throws ConfigInvalid when a rule does not fit the columns
 */
export function compileCleanse(rules: readonly NamedRule[], columns: readonly RawColumn[]): CompiledCleanse {
  const mapped = mappedColumns(columns)
  const compiled = compileAll(rules, mapped)
  const names = [BUCKET, ...mapped.map(({ name }) => name)].map(quoteName)
  const order = orderOf(mapped)
  const copiesRule = compiled.findIndex((rule) => rule.matches === 'copies')
  const isNetted = compiled.flatMap((rule, index) => (rule.action === 'net' ? [`__match_${index}`] : []))
  return {
    rules: compiled,
    judged: judgedQuery(compiled, [...names, quoteName(TYPE_FAULTS)].join(', '), copiesRule),
    clean: {
      query: `
        select ${names.map((name) => (name === '"amount"' ? nettedAmount(isNetted) : name)).join(', ')},
          ${['amount < 0', ...isNetted].join(' or ')} as is_return
        from judged
        where __verdict is null`,
      orderBy: order.join(', '),
    },
    rejects: {
      query: rejectsQuery(compiled, [...names, quoteName(TYPE_FAULTS)].join(', '), copiesRule),
      orderBy: [...order, quoteName(TYPE_FAULTS), 'rule', 'reason'].join(', '),
    },
    counts: countsQuery(compiled, copiesRule),
    reasons: reasonsQuery(compiled),
  }
}

function compileAll(rules: readonly NamedRule[], mapped: readonly RawColumn[]): readonly CompiledRule[] {
  const netted: string[] = []
  return rules.map((named) => {
    const rule = compileRule(named, mapped, netted)
    if (rule.action === 'net' && rule.matches !== 'copies') netted.push(rule.matches.condition)
    return rule
  })
}

/** Starts as every rows file does; then every other column, so that only equal rows tie. */
function orderOf(mapped: readonly RawColumn[]): readonly string[] {
  const front = [BUCKET, 'customer_id', 'occurred_at', 'order_id']
  return [...front, ...mapped.map(({ name }) => name).filter((name) => !front.includes(name))].map(quoteName)
}

/** Equal rows are folded into one with a count, so that no row among equals has to be picked. */
function judgedQuery(compiled: readonly CompiledRule[], names: string, copiesRule: number): string {
  const folded =
    copiesRule < 0
      ? `select ${names}, cast(1 as bigint) as __copies from raw`
      : `select ${names}, count(*) as __copies from raw group by ${names}`
  const matches = compiled.map((rule, index) =>
    rule.matches === 'copies' ? `__copies > 1 as __match_${index}` : `${rule.matches.condition} as __match_${index}`,
  )
  const rejecting = compiled.flatMap((rule, index) =>
    rule.action === 'net' || rule.matches === 'copies' ? [] : [`when __match_${index} then ${index}`],
  )
  return `
    select *, cast(case ${rejecting.join(' ')} end as integer) as __verdict
    from (select *, ${matches.join(', ')} from (${folded}))`
}

function nettedAmount(isNetted: readonly string[]): string {
  if (isNetted.length === 0) return '"amount"'
  return `case when ${isNetted.join(' or ')} then cast(-abs("amount") as decimal(18, 4)) else "amount" end as "amount"`
}

/** Whether the copies of a row beyond the first go to the duplicates: unless a rule before that takes all of them. */
function copiesAreDuplicates(copiesRule: number): string {
  return `(__verdict is null or __verdict > ${copiesRule})`
}

function rejectsQuery(compiled: readonly CompiledRule[], names: string, copiesRule: number): string {
  const caseOf = (texts: readonly string[]): string =>
    `case __verdict ${texts.map((text, index) => `when ${index} then ${text}`).join(' ')} end`
  const times = copiesRule < 0 ? '1' : `case when ${copiesAreDuplicates(copiesRule)} then 1 else __copies end`
  const judgedRejects = `
    select ${names}, ${caseOf(compiled.map((rule) => quoteText(rule.name)))} as rule, ${caseOf(compiled.map((rule) => rule.reason))} as reason, ${times} as __times
    from judged
    where __verdict is not null`
  const duplicate = compiled[copiesRule]
  const duplicateRejects = duplicate
    ? `
    union all
    select ${names}, ${quoteText(duplicate.name)}, ${duplicate.reason}, __copies - 1
    from judged
    where __copies > 1 and ${copiesAreDuplicates(copiesRule)}`
    : ''
  return `select * exclude (__times, __turn) from (select *, unnest(range(__times)) as __turn from (${judgedRejects}${duplicateRejects}))`
}

function countsQuery(compiled: readonly CompiledRule[], copiesRule: number): string {
  const total = (expression: string, condition: string): string =>
    `cast(coalesce(sum(${expression}) filter (where ${condition}), 0) as bigint)`
  const beyondFirst = copiesRule < 0 ? 'false' : `__copies > 1 and ${copiesAreDuplicates(copiesRule)}`
  const perRule = compiled.flatMap((rule, index) => {
    if (rule.matches === 'copies')
      return [
        `${total('__copies - 1', `__match_${index}`)} as matched_${index}`,
        `${index === copiesRule ? total('__copies - 1', beyondFirst) : 'cast(0 as bigint)'} as rejected_${index}`,
      ]
    const copies = `case when ${beyondFirst} then 1 else __copies end`
    return [
      `${total('__copies', `__match_${index}`)} as matched_${index}`,
      `${total(copies, `__verdict = ${index}`)} as rejected_${index}`,
    ]
  })
  const kept = copiesRule < 0 ? '__copies' : '1'
  return `
    select ${total('__copies', 'true')} as rows_in, ${total(kept, '__verdict is null')} as rows_out,
      count(distinct customer_id) filter (where __verdict is null) as customers,
      ${perRule.join(',\n      ')}
    from judged`
}

function reasonsQuery(compiled: readonly CompiledRule[]): string {
  const canFail = compiled.flatMap((rule, index) =>
    rule.action === 'fail' || rule.maxShare !== undefined
      ? [
          `select ${index} as rule, ${rule.reasonClass} as reason, ${rule.matches === 'copies' ? '__copies - 1' : '__copies'} as copies from judged where __match_${index}`,
        ]
      : [],
  )
  const rows =
    canFail.length > 0 ? canFail.join('\nunion all\n') : "select 0 as rule, '' as reason, 0 as copies where false"
  return `
    select rule, reason, cast(sum(copies) as bigint) as rows
    from (${rows})
    group by rule, reason
    order by rule, rows desc, reason`
}
