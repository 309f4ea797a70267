import { quoteName, quoteText, timestamp } from '../../sql/sql-text.ts'
import type { Change, CompiledRule, Matching, RuleFacts } from './compiled-rule.ts'
import type { NamedRule } from './name-rules.ts'
import { findColumn, findColumnOf, isOfKind, TYPE_FAULTS } from './raw-columns.ts'
import type { RawColumn } from './raw-columns.ts'
import { boundsOf, rangeSides } from './rule-bounds.ts'
import { clamp, emptyCondition, keysOf, outside, userCondition, valueLiteral } from './rule-conditions.ts'

/** Inside the layer of an `inconsistent` rule: the value that its customer keeps. */
export const KEPT_VALUE = '__kept'

/** Table of the customers that a rule `testCustomers` finds by its condition, and of everybody who has clean transactions or attributes. */
export const testCustomersTable = (position: number): string => `test_customers_${position}`
export const KNOWN_CUSTOMERS = 'known_customers'

/** @throws ConfigInvalid when a column is not there, or is not what the rule needs */
export function compileRule(
  { name, rule, position }: NamedRule,
  columns: readonly RawColumn[],
  facts: RuleFacts,
): CompiledRule {
  const base = { name, action: rule.do, maxShare: rule.maxShare, changes: [] as readonly Change[] }
  const row = (condition: string, reason: string, changes: readonly Change[] = []): CompiledRule => ({
    ...base,
    matches: { kind: 'row', condition: `coalesce(${condition}, false)` },
    reason,
    reasonClass: reason,
    changes: rule.do === 'fix' ? changes : [],
  })
  const emptied = (...names: readonly string[]): readonly Change[] => names.map((column) => ({ column, value: 'null' }))
  switch (rule.rule) {
    case 'required': {
      const missing = rule.columns!.map((column) => ({
        column,
        condition: emptyCondition(findColumn(columns, column, name), facts),
      }))
      const listed = missing.map(({ column, condition }) => `case when ${condition} then ${quoteText(column)} end`)
      return row(
        `(${missing.map(({ condition }) => condition).join(' or ')})`,
        `concat_ws(', ', ${listed.join(', ')}) || ' is empty'`,
      )
    }
    case 'types': {
      // Before the first quote is the name of the first unreadable column, of the source or ours; never a value.
      const first = `split_part(${quoteName(TYPE_FAULTS)}, ${quoteText("='")}, 1)`
      const change = { column: TYPE_FAULTS, value: 'null' }
      return {
        ...row(`${quoteName(TYPE_FAULTS)} is not null`, quoteName(TYPE_FAULTS), [change]),
        reasonClass: `${first} || ' does not fit its type'`,
      }
    }
    case 'range': {
      const column = findColumnOf('numbers', columns, rule.column, name)
      return row(
        ...outside(rangeSides(name, rule), column, rule.do === 'fix' ? clamp(column, rule.atLeast, rule.atMost) : []),
      )
    }
    case 'outliers': {
      const column = findColumnOf('numbers', columns, rule.column, name)
      const { lower, upper } = boundsOf(facts.bounds, name)
      return row(
        ...outside(
          [
            { operator: '<', bound: lower, text: 'is below' },
            { operator: '>', bound: upper, text: 'is above' },
          ],
          column,
          clamp(column, lower, upper),
        ),
      )
    }
    case 'allowed': {
      const column = findColumn(columns, rule.column, name)
      const values = rule.values.map((one) => valueLiteral(one, column, name))
      return row(
        `${quoteName(column.name)} not in (${values.join(', ')})`,
        quoteText(`${column.name} is none of the allowed values`),
        [{ column: column.name, value: rule.to == null ? 'null' : valueLiteral(rule.to, column, name) }],
      )
    }
    case 'pattern': {
      const { name: column } = findColumnOf('text', columns, rule.column, name)
      return {
        ...row(
          `not regexp_full_match(${quoteName(column)}, ${quoteText(rule.matches)})`,
          quoteText(`${column} does not match the pattern`),
          emptied(column),
        ),
        ownCondition: `regexp_full_match(${quoteName(column)}, ${quoteText(rule.matches)})`,
      }
    }
    case 'future': {
      const named = rule.columns?.map((column) => findColumnOf('instants', columns, column, name).name)
      const instants =
        named ??
        columns
          .filter((column) => isOfKind(column, 'instants') && column.name !== 'occurred_at')
          .map((column) => column.name)
      const later = (column: string): string => `cast(${quoteName(column)} as timestamp) >= ${timestamp(facts.asOf)}`
      const listed = instants.map((column) => `case when ${later(column)} then ${quoteText(column)} end`)
      return row(
        instants.length === 0
          ? 'false'
          : `(${instants.map((column) => `coalesce(${later(column)}, false)`).join(' or ')})`,
        `concat_ws(', ', ${['null', ...listed].join(', ')}) || ' is not before the as-of'`,
        instants.map((column) => ({
          column,
          value: `case when ${later(column)} then null else ${quoteName(column)} end`,
        })),
      )
    }
    case 'stale': {
      const { name: column } = findColumnOf('instants', columns, rule.column, name)
      const cleared = (rule.columns ?? []).map((one) => findColumn(columns, one, name).name)
      const isThere =
        rule.do === 'fix'
          ? ` and (${cleared.map((one) => `${quoteName(one)} is not null`).join(' or ') || 'false'})`
          : ''
      return row(
        `(cast(${quoteName(column)} as timestamp) < ${timestamp(facts.staleBefore[rule.olderThan]!)}${isThere})`,
        quoteText(`${column} is older than ${rule.olderThan}`),
        emptied(...cleared),
      )
    }
    case 'cancellations': {
      const condition = rule.when ? userCondition(rule.when.sql) : '"amount" < 0'
      return {
        ...row(condition, quoteText('cancels or returns an order')),
        ...(rule.when && { ownCondition: condition }),
      }
    }
    case 'sql': {
      const condition = userCondition(rule.when.sql)
      return { ...row(condition, quoteText(`meets the condition of ${rule.name}`)), ownCondition: condition }
    }
    case 'testCustomers': {
      const ids = rule.ids ? [`customer_id in (${rule.ids.map(quoteText).join(', ')})`] : []
      const pattern = rule.pattern ? [`regexp_full_match(customer_id, ${quoteText(rule.pattern)})`] : []
      const found = rule.when ? [`customer_id in (select customer_id from ${testCustomersTable(position)})`] : []
      const condition = [...ids, ...pattern, ...found].map((one) => `coalesce(${one}, false)`).join(' or ')
      return {
        ...row(`(${condition || 'false'})`, quoteText('belongs to a test customer')),
        ...(pattern[0] && { ownCondition: pattern[0] }),
      }
    }
    case 'unmatched':
      return row(
        `customer_id not in (select customer_id from ${KNOWN_CUSTOMERS})`,
        quoteText('its customer has no clean transactions or attributes'),
      )
    case 'inactive': {
      const compared = (column: string, operator: string): string =>
        columns.some((one) => one.name === column) ? `${column} ${operator} ${timestamp(facts.asOf)}` : 'false'
      const ended = compared('expires', '<=')
      return row(
        `(${ended} or ${compared('starts', '>')})`,
        `case when ${ended} then 'has ended by the as-of' else 'begins after the as-of' end`,
      )
    }
    case 'contested':
      return {
        ...row('false', quoteText('its customer is put into several segments')),
        matches: { kind: 'contested', column: 'segment' },
      }
    case 'inconsistent': {
      const { name: column } = findColumn(columns, rule.column, name)
      const latestBy = rule.latestBy
        ? findColumnOf('instants', columns, rule.latestBy, name).name
        : columns.some((one) => one.name === 'occurred_at')
          ? 'occurred_at'
          : null
      return {
        ...row('false', quoteText(`${column} is another value than the customer's most frequent`), [
          { column, value: KEPT_VALUE },
        ]),
        matches: { kind: 'customers', column, latestBy },
      }
    }
    case 'duplicates': {
      const matches: Matching = rule.by ? keysOf({ ...rule, by: rule.by }, columns, name) : { kind: 'copies' }
      return {
        ...row(
          'false',
          quoteText(rule.by ? `equal to another row in ${rule.by.join(', ')}` : 'equal to another row in every column'),
        ),
        matches,
      }
    }
  }
}
