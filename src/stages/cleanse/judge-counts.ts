import { CountsDoNotReconcile } from '../../errors/counts-do-not-reconcile.ts'
import { PoisonRowsOverLimit } from '../../errors/poison-rows-over-limit.ts'
import { TooFewCustomers } from '../../errors/too-few-customers.ts'
import type { CarriedRole } from '../../run/data-roles.ts'
import type { RoleCounts, RuleCounts } from './cleanse-counts.ts'

const SAMPLE_REASONS = 3

/**
 * Every row that came in is among the clean or the rejected ones.
 *
 * @param expectedRows rows of the role in the raw artifact or shard
 * @param where for the message: `shard 3`, `all shards`
 * @throws CountsDoNotReconcile
 */
export function assertReconciled(
  { role, rowsIn, rowsOut, rejected }: Pick<RoleCounts, 'role' | 'rowsIn' | 'rowsOut' | 'rejected'>,
  expectedRows: number,
  where: string,
): void {
  if (rowsIn === expectedRows && rowsIn === rowsOut + rejected) return
  throw new CountsDoNotReconcile(
    `Cleansing of ${role} in ${where} read ${rowsIn} of ${expectedRows} raw rows and made ${rowsOut} clean and ${rejected} rejected ones of them.`,
    'This is a fault of resegment, not of the data: report it with the run id, then start the next revision.',
  )
}

/**
 * Judged over all shards: a rule with `do: fail` must match nothing, one with `maxShare` at most that share of the role's rows.
 *
 * @throws PoisonRowsOverLimit, TooFewCustomers when nothing is left of the primary role
 */
export function judgeCounts(roles: readonly RoleCounts[], primary: CarriedRole): void {
  for (const { role, rowsIn, rules } of roles) {
    const named = (rule: RuleCounts): string => (role === primary ? rule.name : `${rule.name} of ${role}`)
    for (const rule of rules) {
      const share = rowsIn === 0 ? 0 : rule.matched / rowsIn
      if (rule.action === 'fail' && rule.matched > 0)
        throw new PoisonRowsOverLimit(
          `Cleansing rule ${named(rule)} allows no row, but ${rule.matched} of ${rowsIn} match it (${sample(rule)}).`,
          'Correct these rows in the source, or let the rule drop or quarantine them.',
        )
      if (rule.maxShare !== null && share > rule.maxShare)
        throw new PoisonRowsOverLimit(
          `Cleansing rule ${named(rule)} matches ${rule.matched} of ${rowsIn} rows, a share of ${share.toFixed(4)} where maxShare allows ${rule.maxShare} (${sample(rule)}).`,
          `Look at the source: it is probably not what it was. If it is right, raise maxShare of the rule.`,
        )
    }
  }
  const counts = roles.find(({ role }) => role === primary)
  if (counts && counts.rowsOut === 0)
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
