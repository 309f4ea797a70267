import { ownKeyOf } from '../own-key.ts'
import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { checkExpression } from './check-expression.ts'
import type { RulesConfig } from './config.ts'
import type { Expression, ExpressionProblem } from './expression.ts'
import { parseExpression } from './parse-expression.ts'

/** A rule with its condition understood. */
export interface ReadRule {
  readonly key: string
  readonly name: string
  /** As written. */
  readonly when: string
  readonly expression: Expression
}

/** The rules, those that can be read, and what is wrong with the others. */
export function readRules(
  { rules }: { readonly rules: readonly RulesConfig['rules'][number][] },
  columns: ReadableColumns,
  nearColumns?: (name: string) => NearColumn | null,
): { readonly rules: readonly ReadRule[]; readonly problems: readonly MethodProblem[] } {
  const read: ReadRule[] = []
  const problems: MethodProblem[] = []
  rules.forEach(({ name, key, when }, index) => {
    const parsed = parseExpression(when)
    const problem = 'problem' in parsed ? parsed.problem : checkExpression(parsed.expression, columns, nearColumns)
    if (problem) problems.push(placeProblem(problem, ['rules', index, 'when']))
    else if ('expression' in parsed)
      read.push({ key: key ?? ownKeyOf(name), name, when, expression: parsed.expression })
  })
  return { rules: read, problems }
}

/** Name and key of those for whom no rule is true. */
export function otherwiseOf({ otherwise }: Pick<RulesConfig, 'otherwise'>): {
  readonly key: string
  readonly name: string
} {
  return typeof otherwise === 'string' ? { key: ownKeyOf(otherwise), name: otherwise } : otherwise
}

function placeProblem({ at, came, wanted, ...more }: ExpressionProblem, path: MethodProblem['path']): MethodProblem {
  const { hint, unknown } = more
  return {
    path,
    came: `${came} at character ${at + 1}`,
    wanted,
    ...(hint === undefined ? {} : { hint }),
    ...(unknown === undefined ? {} : { unknown }),
  }
}
