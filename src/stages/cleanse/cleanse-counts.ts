import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { PoisonRowsOverLimit } from '../../errors/poison-rows-over-limit.ts'
import { TooFewCustomers } from '../../errors/too-few-customers.ts'
import type { CompiledRule } from './compile-rule.ts'

/** What one rule saw. */
export interface RuleCounts {
  readonly name: string
  readonly action: string
  /** Null: no limit. */
  readonly maxShare: number | null
  readonly matched: number
  readonly rejected: number
  /** Most frequent reasons without values of rows; empty for rules that can't fail a run. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[]
}

/** The summary of one shard, and of all of them added up. */
export interface CleanseCounts {
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rejected: number
  readonly customers: number
  readonly rules: readonly RuleCounts[]
}

const SAMPLE_REASONS = 3

type Row = Readonly<Record<string, unknown>>

/** Reads the results of the `counts` and `reasons` queries. */
export function readCounts(rules: readonly CompiledRule[], counts: Row, reasons: readonly Row[]): CleanseCounts {
  const perRule = rules.map((rule, index): RuleCounts => ({
    name: rule.name,
    action: rule.action,
    maxShare: rule.maxShare ?? null,
    matched: Number(counts[`matched_${index}`]),
    rejected: Number(counts[`rejected_${index}`]),
    reasons: reasons
      .filter((row) => Number(row.rule) === index)
      .map((row) => ({ reason: String(row.reason), rows: Number(row.rows) })),
  }))
  return {
    rowsIn: Number(counts.rows_in),
    rowsOut: Number(counts.rows_out),
    rejected: perRule.reduce((sum, rule) => sum + rule.rejected, 0),
    customers: Number(counts.customers),
    rules: perRule,
  }
}

/** Shards share no customer, so everything adds up. */
export function addCounts(shards: readonly CleanseCounts[]): CleanseCounts {
  const sum = (pick: (counts: CleanseCounts) => number): number => shards.reduce((total, one) => total + pick(one), 0)
  const rules = (shards[0]?.rules ?? []).map((first, index): RuleCounts => ({
    ...first,
    matched: sum((shard) => shard.rules[index]!.matched),
    rejected: sum((shard) => shard.rules[index]!.rejected),
    reasons: addReasons(shards.flatMap((shard) => shard.rules[index]!.reasons)),
  }))
  return {
    rowsIn: sum((shard) => shard.rowsIn),
    rowsOut: sum((shard) => shard.rowsOut),
    rejected: sum((shard) => shard.rejected),
    customers: sum((shard) => shard.customers),
    rules,
  }
}

function addReasons(reasons: RuleCounts['reasons']): RuleCounts['reasons'] {
  const rows = new Map<string, number>()
  for (const { reason, rows: count } of reasons) rows.set(reason, (rows.get(reason) ?? 0) + count)
  return [...rows]
    .map(([reason, count]) => ({ reason, rows: count }))
    .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1))
}

/**
 * Every row that came in is among the clean or the rejected ones.
 *
 * @param expectedRows rows of the raw artifact or shard
 * @param where for the message: `shard 3`, `all shards`
 * @throws CountsDoNotReconcile
 */
export function assertReconciled(counts: CleanseCounts, expectedRows: number, where: string): void {
  if (counts.rowsIn === expectedRows && counts.rowsIn === counts.rowsOut + counts.rejected) return
  throw new CountsDoNotReconcile(
    `Cleansing of ${where} read ${counts.rowsIn} of ${expectedRows} raw rows and made ${counts.rowsOut} clean and ${counts.rejected} rejected ones of them.`,
    'This is a fault of resegment, not of the data: report it with the run id, then start the next revision.',
  )
}

/**
 * Judged over all shards: a rule with `do: fail` must match nothing, one with `maxShare` at most that share of all rows.
 *
 * @throws PoisonRowsOverLimit, TooFewCustomers when nothing is left
 */
export function judgeCounts(counts: CleanseCounts): void {
  for (const rule of counts.rules) {
    const share = counts.rowsIn === 0 ? 0 : rule.matched / counts.rowsIn
    if (rule.action === 'fail' && rule.matched > 0)
      throw new PoisonRowsOverLimit(
        `Cleansing rule ${rule.name} allows no row, but ${rule.matched} of ${counts.rowsIn} match it (${sample(rule)}).`,
        'Correct these rows in the source, or let the rule drop or quarantine them.',
      )
    if (rule.maxShare !== null && share > rule.maxShare)
      throw new PoisonRowsOverLimit(
        `Cleansing rule ${rule.name} matches ${rule.matched} of ${counts.rowsIn} rows, a share of ${share.toFixed(4)} where maxShare allows ${rule.maxShare} (${sample(rule)}).`,
        `Look at the source: it is probably not what it was. If it is right, raise maxShare of the rule.`,
      )
  }
  if (counts.rowsOut === 0)
    throw new TooFewCustomers(
      `Cleansing left none of ${counts.rowsIn} rows: ${counts.rules
        .filter((rule) => rule.rejected > 0)
        .map((rule) => `${rule.name} rejected ${rule.rejected}`)
        .join(', ')}.`,
      'Compare the rules under cleanse and the mapping under columns of the source with its rows.',
    )
}

function sample(rule: RuleCounts): string {
  return rule.reasons
    .slice(0, SAMPLE_REASONS)
    .map(({ reason, rows }) => `${reason}: ${rows}`)
    .join('; ')
}
