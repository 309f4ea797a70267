import type { OverrideReport } from '../stages/validate/resolve-overrides.ts'
import { formatCount } from '../run/figures.ts'

const MOST_CONFLICTS = 8

/** What people said of customers, and where the method says something else. */
export function overrideLines(
  { applied, expired, unknownCustomers, conflicts }: OverrideReport,
  nameOf: (segmentKey: string) => string,
): readonly string[] {
  const against = conflicts.reduce((sum, { customers }) => sum + customers, 0)
  const shown = conflicts.slice(0, MOST_CONFLICTS)
  const more = conflicts.length - shown.length
  return [
    `Overrides: ${formatCount(applied)} in effect, ${formatCount(against)} of them against the method; ${formatCount(expired)} expired.`,
    ...shown.map(
      ({ fromSegmentKey, toSegmentKey, customers }) =>
        `  ${formatCount(customers)} from ${nameOf(fromSegmentKey)} to ${nameOf(toSegmentKey)}`,
    ),
    ...(more > 0 ? [`  ${more} more pairs: --json has them all.`] : []),
    ...(unknownCustomers > 0
      ? [`Warning: ${formatCount(unknownCustomers)} overrides name customers who are not in this run.`]
      : []),
  ]
}
