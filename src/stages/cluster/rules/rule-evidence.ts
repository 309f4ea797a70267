import type { ReadableColumns } from '../readable-columns.ts'
import { compileExpression } from './compile-expression.ts'
import type { ReadRule } from './read-rules.ts'

/** What rules did to real customers. */
export interface RuleEvidence {
  readonly rules: readonly RuleFindings[]
  /** Pairs of rules that are both true of somebody, most customers first. */
  readonly overlaps: readonly { readonly first: string; readonly second: string; readonly customers: number }[]
  /** Customers for whom no rule is true. */
  readonly gap: number
}

export interface RuleFindings {
  readonly key: string
  /** Customers for whom it is true. */
  readonly matched: number
  /** Customers for whom it is the first that is true. */
  readonly taken: number
  /** Customers for whom it is neither true nor false, because something is missing. */
  readonly undecided: number
  /** `neverTrue`: of nobody. `dead`: rules before it take everybody. */
  readonly finding: 'neverTrue' | 'dead' | null
}

/** Column of a rule among those that placing reads: 1 where it is true. */
export function ruleColumn(index: number): string {
  return `rule_${index}`
}

/** Columns that placing reads: name → SQL over a relation of features. */
export function compileRuleColumns(
  rules: readonly ReadRule[],
  columns: ReadableColumns,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rules.map(({ expression }, index) => [
      ruleColumn(index),
      `CAST(coalesce(${compileExpression(expression, columns)}, FALSE) AS INTEGER)`,
    ]),
  )
}

/** One row of counts over all customers, as `readEvidence` takes it. */
export function compileEvidence(relation: string, rules: readonly ReadRule[], columns: ReadableColumns): string {
  const truths = rules.map(
    ({ expression }, index) => `${compileExpression(expression, columns)} AS ${ruleColumn(index)}`,
  )
  const first = rules.map((_, index) => `WHEN ${ruleColumn(index)} THEN ${index}`).join(' ')
  const counts = rules.flatMap((_, index) => [
    `count(*) FILTER (WHERE ${ruleColumn(index)}) AS matched_${index}`,
    `count(*) FILTER (WHERE chosen = ${index}) AS taken_${index}`,
    `count(*) FILTER (WHERE ${ruleColumn(index)} IS NULL) AS undecided_${index}`,
    ...rules
      .slice(index + 1)
      .map((_, offset) => index + 1 + offset)
      .map(
        (other) => `count(*) FILTER (WHERE ${ruleColumn(index)} AND ${ruleColumn(other)}) AS both_${index}_${other}`,
      ),
  ])
  return `
SELECT count(*) FILTER (WHERE chosen = -1) AS gap,
  ${counts.join(',\n  ')}
FROM (
  SELECT *, CASE ${first} ELSE -1 END AS chosen
  FROM (SELECT ${truths.join(',\n    ')} FROM ${relation})
)`
}

/** @param row of `compileEvidence` */
export function readEvidence(rules: readonly ReadRule[], row: Readonly<Record<string, unknown>>): RuleEvidence {
  const count = (name: string): number => Number(row[name])
  const overlaps = rules.flatMap(({ key: first }, index) =>
    rules.slice(index + 1).map(({ key: second }, offset) => ({
      first,
      second,
      customers: count(`both_${index}_${index + 1 + offset}`),
    })),
  )
  return {
    rules: rules.map(({ key }, index) => {
      const [matched, taken] = [count(`matched_${index}`), count(`taken_${index}`)]
      const finding = matched === 0 ? 'neverTrue' : taken === 0 ? 'dead' : null
      return { key, matched, taken, undecided: count(`undecided_${index}`), finding }
    }),
    overlaps: overlaps.filter(({ customers }) => customers > 0).sort((a, b) => b.customers - a.customers),
    gap: count('gap'),
  }
}
