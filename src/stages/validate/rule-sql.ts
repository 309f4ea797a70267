import { quoteNames } from '../../sql/sql-text.ts'
import type { RuleText } from './segment-rules.ts'

/** Customers a surrogate tree is grown on: the first of the population, whose order is that of a hash. */
const TREE_ROWS = 10_000

/** The cluster and features of the customers that a surrogate tree is grown on. */
export function compileTreeRows(features: readonly string[]): string {
  return `
SELECT cluster, ${quoteNames(features)}
FROM population
WHERE customer_row < ${TREE_ROWS}
ORDER BY customer_row`
}

/** All customers by their cluster and the cluster whose rule they meet (NULL: none). */
export function compileRuleCounts(rules: readonly (RuleText | null)[]): string {
  const cases = rules.flatMap((rule, cluster) => (rule ? [`WHEN ${rule.sql} THEN ${cluster}`] : []))
  return `
SELECT cluster, CASE ${cases.join(' ')} END AS rule, count(*) AS customers
FROM population
GROUP BY cluster, rule
ORDER BY cluster, rule NULLS LAST`
}

/** How well a rule says who is in a segment. */
export interface SegmentRule extends RuleText {
  /** Share of the customers that meet it who are in the segment; null when nobody does. */
  readonly precision: number | null
  /** Share of the customers in the segment that meet it; null when nobody is. */
  readonly coverage: number | null
}

export interface JudgedRules {
  /** By cluster number; null: the tree names it nowhere. */
  readonly rules: readonly (SegmentRule | null)[]
  /** Share of all customers whose rule names their cluster. */
  readonly fidelity: number
}

/** @param rows of `compileRuleCounts` */
export function judgeRules(
  rules: readonly (RuleText | null)[],
  rows: readonly Readonly<Record<string, unknown>>[],
): JudgedRules {
  const counts = rows.map(({ cluster, rule, customers }) => ({
    cluster: Number(cluster),
    rule: rule === null ? null : Number(rule),
    customers: Number(customers),
  }))
  const sum = (of: readonly { readonly customers: number }[]): number =>
    of.reduce((total, { customers }) => total + customers, 0)
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  const agreeing = counts.filter(({ cluster, rule }) => cluster === rule)
  return {
    rules: rules.map((rule, number) => {
      if (!rule) return null
      const both = sum(agreeing.filter(({ cluster }) => cluster === number))
      const meeting = sum(counts.filter((count) => count.rule === number))
      const members = sum(counts.filter(({ cluster }) => cluster === number))
      return { ...rule, precision: share(both, meeting), coverage: share(both, members) }
    }),
    fidelity: share(sum(agreeing), sum(counts)) ?? 0,
  }
}
