import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { Change, Matching, RuleFacts } from './compiled-rule.ts'
import type { CleanseRule } from './config.ts'
import { findColumn, isOfKind, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'
import type { Side } from './rule-bounds.ts'

/** The user's condition as true or false; NULL counts as false. The line breaks end a trailing comment. */
export function userCondition(sql: string): string {
  return `coalesce(cast((\n${sql}\n) as boolean), false)`
}

/**
 * A value that was there but did not fit is not empty: `types` speaks of it. A fault may lie in a source column from which an expression
 * makes the number or instant, so that beside any fault these count as unreadable.
 */
export function emptyCondition(column: RawColumn, { keepsUnreadable }: RuleFacts): string {
  const empty = `${quoteName(column.name)} is null`
  return column.type === 'VARCHAR' || keepsUnreadable
    ? `(${empty})`
    : `(${empty} and ${quoteName(TYPE_FAULTS)} is null)`
}

export function outside(
  sides: readonly Side[],
  { name }: RawColumn,
  changes: readonly Change[],
): [string, string, readonly Change[]] {
  const conditions = sides.flatMap(({ operator, bound, text }) =>
    bound === null ? [] : [{ condition: `${quoteName(name)} ${operator} ${bound}`, text: `${name} ${text} ${bound}` }],
  )
  if (conditions.length === 0) return ['false', quoteText(''), changes]
  const texts = conditions.map(({ condition, text }) => `case when ${condition} then ${quoteText(text)} end`)
  return [
    `(${conditions.map(({ condition }) => condition).join(' or ')})`,
    `concat_ws(', ', ${texts.join(', ')})`,
    changes,
  ]
}

/** Sets a value beyond a bound to the bound. */
export function clamp(
  { name, type }: RawColumn,
  lower: number | string | null | undefined,
  upper: number | string | null | undefined,
): readonly Change[] {
  const bound = (value: number | string): string => `cast(${value} as ${type})`
  const cases = [
    ...(lower == null ? [] : [`when ${quoteName(name)} < ${lower} then ${bound(lower)}`]),
    ...(upper == null ? [] : [`when ${quoteName(name)} > ${upper} then ${bound(upper)}`]),
  ]
  return cases.length === 0 ? [] : [{ column: name, value: `case ${cases.join(' ')} else ${quoteName(name)} end` }]
}

export function valueLiteral(value: string | number | boolean, column: RawColumn, ruleName: string): string {
  const fits = isOfKind(column, 'numbers')
    ? typeof value === 'number'
    : column.type === 'BOOLEAN'
      ? typeof value === 'boolean'
      : typeof value === 'string'
  if (!fits)
    throw new ConfigInvalid(
      `Cleansing rule ${ruleName} compares ${column.name}, which is ${column.type}, with ${JSON.stringify(value)}.`,
      `Write values of ${column.name} as its type asks: numbers plain, texts and dates in quotes.`,
    )
  return typeof value === 'string' ? `cast(${quoteText(value)} as ${column.type})` : String(value)
}

export function keysOf(
  rule: CleanseRule & { rule: 'duplicates'; by: readonly string[] },
  columns: readonly RawColumn[],
  name: string,
): Matching {
  const by = rule.by.map((column) => quoteName(findColumn(columns, column, name).name))
  const keep = rule.keep ?? 'last'
  const column = findColumn(columns, rule.column ?? (keep === 'highest' ? '' : 'occurred_at'), name)
  return { kind: 'keys', by, order: [`${quoteName(column.name)} ${keep === 'first' ? 'asc' : 'desc'} nulls last`] }
}
