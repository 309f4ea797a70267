import type { CleanseConfig, CleanseRule } from './config.ts'

/** A rule with the name it has in counts, rejects and messages. */
export interface NamedRule {
  readonly name: string
  readonly rule: CleanseRule
}

/** Columns that every later stage reads: never empty after cleansing. */
const KEY_COLUMNS = ['customer_id', 'occurred_at', 'order_id', 'amount']

/**
 * The rules of a run, in order. `types` is put in front unless the list names it, and before it a `required` over the key columns
 * that no `required` of the list covers. Names are unique: `range(amount)`, then `range(amount) 2`.
 */
export function nameRules(config: CleanseConfig): readonly NamedRule[] {
  const required = new Set(config.flatMap((rule) => (rule.rule === 'required' ? rule.columns : [])))
  const uncovered = KEY_COLUMNS.filter((column) => !required.has(column))
  const rules: CleanseRule[] = []
  if (uncovered.length > 0) rules.push({ rule: 'required', columns: uncovered, do: 'drop' })
  if (!config.some((rule) => rule.rule === 'types')) rules.push({ rule: 'types', do: 'quarantine' })
  rules.push(...config)
  const seen = new Map<string, number>()
  return rules.map((rule) => {
    const plainName = rule.rule === 'range' ? `range(${rule.column})` : rule.rule
    const count = (seen.get(plainName) ?? 0) + 1
    seen.set(plainName, count)
    return { name: count === 1 ? plainName : `${plainName} ${count}`, rule }
  })
}
