import type { CarriedRole } from '../../run/data-roles.ts'
import type { CleanseRule } from './config.ts'
import type { Bounds } from './rule-bounds.ts'

export type RuleAction = CleanseRule['do']

/** What a rule makes of a column's value: SQL over the row; NULL where nothing is to be changed to. */
export interface Change {
  readonly column: string
  readonly value: string
}

/** How a rule finds its rows. */
export type Matching =
  /** True where the rule matches; never NULL. Over the row alone. */
  | { readonly kind: 'row'; readonly condition: string }
  /** Copies of a row beyond the first. */
  | { readonly kind: 'copies' }
  /** Rows beyond the first of a key, in an order. */
  | { readonly kind: 'keys'; readonly by: readonly string[]; readonly order: readonly string[] }
  /** All rows of a customer who has several values of a column. */
  | { readonly kind: 'contested'; readonly column: string }
  /** Rows whose customer has another value more often, or later. */
  | { readonly kind: 'customers'; readonly column: string; readonly latestBy: string | null }

/** One rule as SQL. */
export interface CompiledRule {
  readonly name: string
  readonly action: RuleAction
  /** Absent: no limit. */
  readonly maxShare?: number
  readonly matches: Matching
  /** Text for the rejects: which column, which class of value. May quote a value that did not fit its type. */
  readonly reason: string
  /** The same without any value of the row, for messages. */
  readonly reasonClass: string
  /** Of a rule that fixes. */
  readonly changes: readonly Change[]
  /** A condition that comes from the definition as SQL; tried by itself, so that a message can name the rule. */
  readonly ownCondition?: string
}

/** What compiling needs to know besides rule and columns. */
export interface RuleFacts {
  readonly role: CarriedRole
  /** ISO instant, UTC. */
  readonly asOf: string
  /** `olderThan` of stale rules → ISO instant. */
  readonly staleBefore: Readonly<Record<string, string>>
  /** Name of an outliers rule → its bounds. */
  readonly bounds: Readonly<Record<string, Bounds>>
  /** Whether a rule of this role leaves unreadable values empty: then `required` speaks of them. */
  readonly keepsUnreadable: boolean
}
