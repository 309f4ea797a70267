import { roles } from '../../run/data-roles.ts'
import type { CarriedRole } from '../../run/data-roles.ts'
import type { CleanseConfig, CleanseRule } from './config.ts'

/** A rule of one role with the name it has in counts, rejects and messages. */
export interface NamedRule {
  readonly name: string
  readonly rule: CleanseRule
  /** Its place in the pipeline's list; -1 for rules that every role has by itself. */
  readonly position: number
}

/** Name of the rule that every source obeys before any other: a record must be a row. */
export const UNREADABLE = 'unreadable'

/** Roles whose customers are somebody without being in another role. */
const OF_CUSTOMERS: readonly CarriedRole[] = ['transactions', 'customers']

/** The role whose rows a rule looks at. */
export function ruleRole(rule: CleanseRule, primary: CarriedRole): CarriedRole {
  return rule.rule === 'cancellations' ? 'transactions' : (rule.of ?? primary)
}

/**
 * The rules of a role, in order. `types` is put in front unless the list names it, and before it a `required` over the required columns
 * of the role that no `required` of the list covers; `unmatched` comes last where the list does not name it. Overrides that are not in
 * effect go before the list is looked at, and those that contradict each other after it. Test customers leave every role. Names are unique in a role: `range(amount)`, then `range(amount) 2`.
 */
export function nameRules(config: CleanseConfig, role: CarriedRole, primary: CarriedRole): readonly NamedRule[] {
  const listed = config.flatMap((rule, position) =>
    rule.rule === 'testCustomers' || ruleRole(rule, primary) === role
      ? [{ rule: withColumns(rule, role), position }]
      : [],
  )
  const required = new Set(listed.flatMap(({ rule }) => (rule.rule === 'required' ? rule.columns! : [])))
  const uncovered = roles[role].required.filter((column) => !required.has(column))
  const names = (kind: CleanseRule['rule']): boolean => listed.some(({ rule }) => rule.rule === kind)
  const own = (rule: CleanseRule) => ({ rule, position: -1 })
  const isOfPeople = role === 'overrides'
  // Of several that say the same any will do: the first in the order of all columns.
  const agreeing = [
    own({ rule: 'contested', of: 'overrides', do: 'drop' }),
    own({ rule: 'duplicates', of: 'overrides', by: ['customer_id'], column: 'segment', keep: 'first', do: 'drop' }),
  ]
  const seen = new Map<string, number>([[UNREADABLE, 1]])
  return [
    ...(uncovered.length > 0 ? [own({ rule: 'required', columns: uncovered, do: 'drop' })] : []),
    ...(names('types') ? [] : [own({ rule: 'types', do: 'quarantine' })]),
    ...(isOfPeople && !names('inactive') ? [own({ rule: 'inactive', of: 'overrides', do: 'drop' })] : []),
    ...listed,
    ...(isOfPeople ? agreeing.filter(({ rule }) => rule.rule === 'duplicates' || !names(rule.rule)) : []),
    ...(OF_CUSTOMERS.includes(role) || names('unmatched') ? [] : [own({ rule: 'unmatched', of: role, do: 'drop' })]),
  ].map(({ rule, position }) => {
    const plainName = nameOf(rule)
    const count = (seen.get(plainName) ?? 0) + 1
    seen.set(plainName, count)
    return { name: count === 1 ? plainName : `${plainName} ${count}`, rule, position }
  })
}

function withColumns(rule: CleanseRule, role: CarriedRole): CleanseRule {
  return rule.rule === 'required' ? { ...rule, columns: rule.columns ?? [...roles[role].required] } : rule
}

function nameOf(rule: CleanseRule): string {
  switch (rule.rule) {
    case 'range':
    case 'allowed':
    case 'pattern':
    case 'stale':
    case 'outliers':
    case 'inconsistent':
      return `${rule.rule}(${rule.column})`
    case 'duplicates':
      return rule.by ? `duplicates(${rule.by.join(', ')})` : 'duplicates'
    case 'sql':
      return rule.name
    default:
      return rule.rule
  }
}
