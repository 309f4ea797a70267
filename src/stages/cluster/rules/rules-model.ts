import type { ModelCluster } from '../model.ts'
import type { ReadableColumns } from '../readable-columns.ts'
import type { RulesConfig } from './config.ts'
import { describeExpression } from './describe-expression.ts'
import type { Expression } from './expression.ts'
import { otherwiseOf } from './read-rules.ts'
import type { ReadRule } from './read-rules.ts'
import type { RulesParameters } from './parameters.ts'
import type { RuleEvidence } from './rule-evidence.ts'

export function rulesParameters(
  config: RulesConfig,
  rules: readonly ReadRule[],
  columns: ReadableColumns,
  evidence: RuleEvidence,
): RulesParameters {
  const read = new Set(rules.flatMap(({ expression }) => namesIn(expression)))
  return {
    method: 'rules',
    overlapping: config.overlapping,
    rules: rules.map(({ key, name, when }) => ({ key, name, when })),
    otherwise: otherwiseOf(config),
    columns: Object.fromEntries(Object.entries(columns).filter(([name]) => read.has(name))),
    evidence,
  }
}

/** One a rule in their order, then those for whom none is true. */
export function ruleClusters(
  rules: readonly ReadRule[],
  { columns, otherwise, overlapping }: RulesParameters,
): readonly ModelCluster[] {
  const first = (index: number): string =>
    index > 0 && !overlapping ? '; of those for whom no rule before it is true' : ''
  const ofRules = rules.map(({ key, name, expression }, index) => ({
    ownKey: key,
    name,
    criteria: `${describeExpression(expression, columns)}${first(index)}`,
    level: 0,
    parent: null,
  }))
  const criteria = 'no rule is true'
  return [...ofRules, { ownKey: otherwise.key, name: otherwise.name, criteria, level: 0, parent: null }]
}

/** Names of the features that an expression reads. */
export function namesIn(expression: Expression): readonly string[] {
  if (expression.kind === 'feature') return [expression.name]
  return Object.values(expression as unknown as Readonly<Record<string, unknown>>)
    .flat()
    .flatMap((part) => (isExpression(part) ? namesIn(part) : []))
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'kind' in part
}
