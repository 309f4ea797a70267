import { ConfigInvalid } from '../../errors/config-invalid.ts'
import type { CleanseRule } from './config.ts'
import type { NamedRule } from './name-rules.ts'
import { quoteName, quoteText } from '../../sql/sql-text.ts'
import { findColumn, listNames, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'

export type RuleAction = CleanseRule['do']

/** One rule as SQL over one row. */
export interface CompiledRule {
  readonly name: string
  readonly action: RuleAction
  /** Absent: no limit. */
  readonly maxShare?: number
  /** True where the rule matches; never NULL. `copies` marks the rule that counts the copies of a row beyond the first. */
  readonly matches: { readonly condition: string } | 'copies'
  /** Text for the rejects: which column, which class of value. May quote a value that did not fit its type. */
  readonly reason: string
  /** The same without any value of the row, for messages. */
  readonly reasonClass: string
  /** A query that fails when the rule's own SQL does not fit the columns; only for rules that bring SQL. */
  readonly probe?: string
}

const NUMERIC = /^(DECIMAL|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|FLOAT|DOUBLE)/

/** Columns whose sign a netted line turns: `range` rules after the netting leave them alone. */
const SIGNED_COLUMNS = ['amount', 'quantity']

/**
 * @param netted conditions of the `net` rules before this one
 * @throws ConfigInvalid when a column is not there, or is not what the rule needs
 */
export function compileRule(
  { name, rule }: NamedRule,
  columns: readonly RawColumn[],
  netted: readonly string[],
): CompiledRule {
  const base = { name, action: rule.do, maxShare: rule.maxShare }
  switch (rule.rule) {
    case 'required': {
      const missing = rule.columns.map((column) => ({
        column,
        condition: emptyCondition(findColumn(columns, column, name)),
      }))
      const listed = missing.map(({ column, condition }) => `case when ${condition} then ${quoteText(column)} end`)
      const reason = `concat_ws(', ', ${listed.join(', ')}) || ' is empty'`
      return {
        ...base,
        matches: { condition: `(${missing.map(({ condition }) => condition).join(' or ')})` },
        reason,
        reasonClass: reason,
      }
    }
    case 'types': {
      // Before the first quote is the name of the first unreadable column, of the source or ours; never a value.
      const first = `split_part(${quoteName(TYPE_FAULTS)}, ${quoteText("='")}, 1)`
      return {
        ...base,
        matches: { condition: `(${quoteName(TYPE_FAULTS)} is not null)` },
        reason: quoteName(TYPE_FAULTS),
        reasonClass: `${first} || ' does not fit its type'`,
      }
    }
    case 'duplicates': {
      const reason = quoteText('equal to another row in every column')
      return { ...base, matches: 'copies', reason, reasonClass: reason }
    }
    case 'cancellations': {
      const condition = userCondition(rule.when.sql)
      const reason = quoteText('cancels or returns an order')
      const probe = `select ${condition} from (select ${columns.map((column) => quoteName(column.name)).join(', ')} from raw) limit 0`
      return { ...base, matches: { condition }, reason, reasonClass: reason, probe }
    }
    case 'range': {
      const column = findColumn(columns, rule.column, name)
      if (!NUMERIC.test(column.type)) throw notNumeric(name, column, columns)
      const sides = [
        side(column, '<=', rule.above, 'not above'),
        side(column, '<', rule.atLeast, 'less than'),
        side(column, '>=', rule.below, 'not below'),
        side(column, '>', rule.atMost, 'more than'),
      ].flatMap((found) => (found ? [found] : []))
      if (sides.length === 0)
        throw new ConfigInvalid(
          `Cleansing rule ${name} has no bound, so it would match nothing.`,
          'Give it one or more of above, atLeast, below, atMost.',
        )
      const exempt = SIGNED_COLUMNS.includes(column.name) ? netted : []
      const outside = `coalesce(${sides.map(({ condition }) => condition).join(' or ')}, false)`
      const reason = `concat_ws(', ', ${sides.map(({ condition, text }) => `case when ${condition} then ${quoteText(text)} end`).join(', ')})`
      return {
        ...base,
        matches: { condition: `(${[outside, ...exempt.map((net) => `not ${net}`)].join(' and ')})` },
        reason,
        reasonClass: reason,
      }
    }
  }
}

/** The user's condition as true or false; NULL counts as false. The line breaks end a trailing comment. */
function userCondition(sql: string): string {
  return `coalesce(cast((\n${sql}\n) as boolean), false)`
}

/**
 * A value that was there but did not fit is not empty: `types` speaks of it. A fault may lie in a source column from which an expression
 * makes the number or instant, so that beside any fault these count as unreadable.
 */
function emptyCondition(column: RawColumn): string {
  const empty = `${quoteName(column.name)} is null`
  return column.type === 'VARCHAR' ? `(${empty})` : `(${empty} and ${quoteName(TYPE_FAULTS)} is null)`
}

function side(
  column: RawColumn,
  operator: string,
  bound: number | undefined,
  text: string,
): { condition: string; text: string } | undefined {
  if (bound === undefined) return undefined
  return { condition: `${quoteName(column.name)} ${operator} ${bound}`, text: `${column.name} is ${text} ${bound}` }
}

function notNumeric(ruleName: string, column: RawColumn, columns: readonly RawColumn[]): ConfigInvalid {
  const numeric = columns.filter(({ type }) => NUMERIC.test(type))
  return new ConfigInvalid(
    `Cleansing rule ${ruleName} needs a column of numbers, but ${column.name} is ${column.type}.`,
    `Columns of numbers are ${listNames(numeric)}.`,
  )
}
