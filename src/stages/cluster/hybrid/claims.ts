import { quoteText } from '../../../sql/sql-text.ts'
import type { MethodProblem } from '../method-problem.ts'
import type { NearColumn, ReadableColumns } from '../readable-columns.ts'
import { compileExpression } from '../rules/compile-expression.ts'
import { checkExpression } from '../rules/check-expression.ts'
import type { Expression } from '../rules/expression.ts'
import { namesIn } from '../rules/rules-model.ts'
import { parseExpression } from '../rules/parse-expression.ts'
import type { LayerConfig } from './config.ts'
import type { Claim, LayerEvidence } from './parameters.ts'

/** Whom a layer takes of those that are left. */
export function claimOf(layer: LayerConfig, isLast: boolean): Claim {
  if (isLast) return []
  return [
    ...(layer.when === undefined ? [] : [[layer.when]]),
    ...(layer.method === 'rules' ? [layer.rules.map(({ when }) => when)] : []),
  ]
}

/**
 * A claim as SQL over a relation of features: TRUE or FALSE a row.
 *
 * @throws Error for a condition that `findConditionProblem` has something against
 */
export function compileClaim(claim: Claim, columns: ReadableColumns): string {
  if (claim.length === 0) return 'TRUE'
  const parts = claim.map((alternatives) => `(${alternatives.map((text) => compileText(text, columns)).join(' OR ')})`)
  return `coalesce(${parts.join(' AND ')}, FALSE)`
}

/** What is wrong with a condition; null: nothing. */
export function findConditionProblem(
  text: string,
  path: MethodProblem['path'],
  columns: ReadableColumns,
  nearColumns?: (name: string) => NearColumn | null,
): MethodProblem | null {
  const parsed = parseExpression(text)
  const problem = 'problem' in parsed ? parsed.problem : checkExpression(parsed.expression, columns, nearColumns)
  if (!problem) return null
  const { at, came, wanted, ...more } = problem
  return { path, came: `${came} at character ${at + 1}`, wanted, ...more }
}

/** The rows of a relation that a layer takes after the layers before it. */
export function compileTaken(relation: string, before: readonly string[], claim: string): string {
  const conditions = [...before.map((one) => `NOT ${one}`), claim]
  return `(SELECT * FROM ${relation} WHERE ${conditions.join(' AND ')})`
}

interface ClaimSql {
  readonly name: string
  readonly sql: string
}

/** One row of counts over all customers, as `readLayerEvidence` takes it. */
export function compileLayerEvidence(relation: string, claims: readonly ClaimSql[]): string {
  const column = (index: number): string => `wants_${index}`
  const counts = claims.flatMap((_, index) => [
    `count(*) FILTER (WHERE ${column(index)}) AS wanted_${index}`,
    ...claims
      .slice(index + 1)
      .map((_, offset) => index + 1 + offset)
      .map((other) => `count(*) FILTER (WHERE ${column(index)} AND ${column(other)}) AS both_${index}_${other}`),
  ])
  return `
SELECT ${counts.join(',\n  ')}
FROM (SELECT ${claims.map(({ sql }, index) => `${sql} AS ${column(index)}`).join(',\n    ')} FROM ${relation})`
}

/**
 * @param row of `compileLayerEvidence`
 * @param taken customers of each layer
 */
export function readLayerEvidence(
  claims: readonly ClaimSql[],
  row: Readonly<Record<string, unknown>>,
  taken: readonly number[],
): LayerEvidence {
  // A layer that would have everybody says nothing by meeting others.
  const isOpen = (index: number): boolean => claims[index]!.sql === 'TRUE'
  const conflicts = claims.flatMap(({ name: first }, index) =>
    claims.slice(index + 1).flatMap(({ name: second }, offset) => {
      const other = index + 1 + offset
      return isOpen(index) || isOpen(other) ? [] : [{ first, second, customers: Number(row[`both_${index}_${other}`]) }]
    }),
  )
  return {
    layers: claims.map(({ name }, index) => ({ name, wanted: Number(row[`wanted_${index}`]), taken: taken[index]! })),
    conflicts: conflicts.filter(({ customers }) => customers > 0).sort((a, b) => b.customers - a.customers),
    pooled: 0,
  }
}

/** Of all columns those that claims read. */
export function columnsIn(claims: readonly Claim[], columns: ReadableColumns): ReadableColumns {
  const read = new Set(claims.flat(2).flatMap((text) => namesIn(understood(text))))
  return Object.fromEntries(Object.entries(columns).filter(([name]) => read.has(name)))
}

function compileText(text: string, columns: ReadableColumns): string {
  return compileExpression(understood(text), columns)
}

function understood(text: string): Expression {
  const parsed = parseExpression(text)
  if ('problem' in parsed) throw new Error(`Condition ${quoteText(text)} has ${parsed.problem.came}.`)
  return parsed.expression
}
