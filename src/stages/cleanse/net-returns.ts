import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { fixIdentity } from './fix-rows.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { NamedRule } from './name-rules.ts'
import { findColumn, ROW, SOURCE_NAME } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

/** Table of (__line, __purchase): places of returns and of the purchases that they are taken from. */
export const NETTED = 'netted'

/**
 * `net` against the original line. A kept line of the rule is taken from the most recent kept purchase at or before it that equals it in the
 * match columns and has its quantity (where both say one) and its amount left; of purchases of one instant from the smallest, and larger
 * returns of one instant first. The purchase's amount, quantity, discount and cost shrink by those of the return, whose own become 0. So a
 * sum over all lines stays what it was, and each window has what stayed bought in it. A return without such a purchase stays as a line of
 * its own with a negative amount, and is counted.
 */
export interface CompiledNetting {
  /** Index of the rule. */
  readonly rule: number
  /** The lines to match, in order: __line, key, is_return, quantity, amount. */
  readonly lines: string
  /** Makes what `joins` read; after table `netted`. */
  readonly createMoved: string
  readonly joins: string
  /** WHEN branches of the value of a column. */
  cases(column: RawColumn): readonly string[]
  readonly fixes: readonly string[]
  /** (source VARCHAR, netted BIGINT, unmatched BIGINT): what became of the kept returns. */
  readonly counts: string
}

/** @throws ConfigInvalid when a match column is not mapped */
export function compileNetting(
  named: readonly NamedRule[],
  rules: readonly CompiledRule[],
  mapped: readonly RawColumn[],
  signed: readonly RawColumn[],
): CompiledNetting | null {
  const rule = rules.findIndex(({ action }) => action === 'net')
  if (rule < 0) return null
  const { name, rule: source } = named[rule]!
  const given = source.rule === 'cancellations' ? source.match : undefined
  const match = given?.map((column) => findColumn(mapped, column, name).name) ?? defaultMatch(mapped)
  const quantity = mapped.some((column) => column.name === 'quantity')
  const joins = `left join (select __line from ${NETTED}) on __line = ${ROW} left join moved on __purchase = ${ROW}`
  return {
    rule,
    lines: linesQuery(rule, match, mapped, quantity),
    createMoved: `create or replace temp table moved as
      select __purchase, ${signed.map((column) => `cast(coalesce(sum(abs(${quoteName(column.name)})), 0) as ${column.type}) as ${movedName(column)}`).join(', ')}
      from ${NETTED} join judged on ${ROW} = __line
      group by __purchase`,
    joins,
    cases: (column) => [
      `when __line is not null then case when ${quoteName(column.name)} is not null then cast(0 as ${column.type}) end`,
      `when __purchase is not null then cast(${quoteName(column.name)} - ${movedName(column)} as ${column.type})`,
    ],
    fixes: signed.map((column) => fixesQuery(name, mapped, column, joins)),
    counts: `
      select ${quoteName(SOURCE_NAME)} as source, count(__line) as netted, count(*) - count(__line) as unmatched
      from judged left join (select __line from ${NETTED}) on __line = ${ROW}
      where __verdict is null and __match_${rule}
      group by ${quoteName(SOURCE_NAME)}
      order by ${quoteName(SOURCE_NAME)}`,
  }
}

function defaultMatch(mapped: readonly RawColumn[]): readonly string[] {
  return ['customer_id', 'product'].filter((name) => mapped.some((column) => column.name === name))
}

function movedName({ name }: RawColumn): string {
  return quoteName(`__moved_${name}`)
}

function linesQuery(
  rule: number,
  match: readonly string[],
  mapped: readonly RawColumn[],
  hasQuantity: boolean,
): string {
  const keys = match.map(quoteName)
  const isReturn = `__match_${rule}`
  const isComplete = keys.map((key) => `${key} is not null`).join(' and ')
  // A purchase that says no quantity has enough of it, a return that says none needs none.
  const quantity = hasQuantity ? `coalesce(abs("quantity"), case when ${isReturn} then 0 else 99999999999999 end)` : '0'
  const isPurchase = `"amount" > 0${hasQuantity ? ' and ("quantity" is null or "quantity" > 0)' : ''}`
  // Qualified: plain names would be those of the result.
  const every = [...mapped.map(({ name }) => quoteName(name)), quoteName(SOURCE_NAME), ROW].map(
    (name) => `judged.${name}`,
  )
  const scaled = (value: string): string => `cast(cast(${value} * 10000 as hugeint) as double)`
  return `
    select cast(${ROW} as integer) as __line, cast(dense_rank() over (order by ${keys.join(', ')}) as integer) as key,
      cast(${isReturn} as integer) as is_return, ${scaled(quantity)} as quantity, ${scaled('abs("amount")')} as amount
    from judged
    where __verdict is null and ${isComplete} and (${isReturn} or (${isPurchase}))
      and (${keys.join(', ')}) in (select ${match.length > 1 ? `(${keys.join(', ')})` : keys[0]} from judged where __verdict is null and ${isReturn} and ${isComplete})
    order by key, judged."occurred_at", ${isReturn}, abs(judged."amount") desc, ${every.join(', ')}`
}

function fixesQuery(rule: string, mapped: readonly RawColumn[], column: RawColumn, joins: string): string {
  const name = `judged.${quoteName(column.name)}`
  const after = `case when __line is not null then cast(0 as ${column.type}) else cast(${name} - ${movedName(column)} as ${column.type}) end`
  return `
    select ${fixIdentity('transactions', mapped)}, ${quoteText(column.name)} as column_name, cast(${name} as varchar) as before,
      cast(${after} as varchar) as after, ${quoteText(rule)} as rule
    from judged ${joins}
    where (__line is not null or __purchase is not null) and ${name} <> ${after}`
}
