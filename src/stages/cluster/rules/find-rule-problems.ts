import { checkNamed } from '../method-problem.ts'
import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { ownKeyOf } from '../own-key.ts'
import type { RulesConfig } from './config.ts'
import type { Expression } from './expression.ts'
import { otherwiseOf, readRules } from './read-rules.ts'
import type { ReadRule } from './read-rules.ts'
import { implies, possible, termsOf } from './terms-of.ts'

/**
 * Everything that is wrong with rules and can be known without data: conditions that cannot be read or compare what cannot be compared,
 * names and keys that come twice, conditions that contradict themselves, and rules that others before them leave nobody for.
 */
export function findRuleProblems(
  config: RulesConfig,
  columns: ReadableColumns,
  nearColumns?: (name: string) => NearColumn | null,
): readonly MethodProblem[] {
  const names = checkNames(config)
  const { rules, problems } = readRules(config, columns, nearColumns)
  const indexOf = (rule: ReadRule): number =>
    config.rules.findIndex(({ name, when }) => name === rule.name && when === rule.when)
  return [
    ...names,
    ...problems,
    ...rules.flatMap((rule, position) => {
      const found = checkReach(rule, config.overlapping ? [] : rules.slice(0, position))
      return found ? [{ path: ['rules', indexOf(rule), 'when'], ...found }] : []
    }),
  ]
}

function checkNames(config: RulesConfig): readonly MethodProblem[] {
  return checkNamed([
    ...config.rules.map(({ name, key }, index) => ({ name, key: key ?? ownKeyOf(name), path: ['rules', index] })),
    { ...otherwiseOf(config), path: ['otherwise'] },
  ])
}

type Found = Pick<MethodProblem, 'came' | 'wanted' | 'hint'>

function checkReach(rule: ReadRule, earlier: readonly ReadRule[]): Found | null {
  const terms = waysOf(rule.expression)
  if (terms === null) return null
  if (terms.length === 0)
    return { came: 'a condition that contradicts itself', wanted: 'one that can be true of some customer' }
  const outer = earlier.map((one) => ({ name: one.name, terms: waysOf(one.expression) ?? [] }))
  const takers = terms.map((term) => outer.find((one) => one.terms.some((other) => implies(term, other))))
  if (takers.some((taker) => taker === undefined)) return null
  const names = [...new Set(takers.map((taker) => taker!.name))]
  return {
    came: `a condition that is only true where ${names.map((name) => `"${name}"`).join(' or ')} is, which comes first`,
    wanted: 'a rule that somebody is left for',
    hint: `Move it above ${names[0]!}, or set overlapping: true.`,
  }
}

function waysOf(expression: Expression): ReturnType<typeof termsOf> {
  const terms = termsOf(expression)
  return terms === null ? null : possible(terms)
}
