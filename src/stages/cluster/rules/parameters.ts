import type { ReadableColumns } from '../readable-columns.ts'
import type { RuleEvidence } from './rule-evidence.ts'

/** Everything that placing by rules needs, and what the rules did to the customers of the run. */
export interface RulesParameters {
  readonly method: 'rules'
  readonly overlapping: boolean
  readonly rules: readonly { readonly key: string; readonly name: string; readonly when: string }[]
  readonly otherwise: { readonly key: string; readonly name: string }
  /** Those that the conditions read. */
  readonly columns: ReadableColumns
  readonly evidence: RuleEvidence
}
