import type { OverrideReport, SourceReport } from '../stages/validate/override-report.ts'
import { formatCount } from '../run/figures.ts'

const MOST_CONFLICTS = 8

/** What people said of customers, and where the method says something else. */
export function overrideLines(
  { applied, expired, unknownCustomers, source, conflicts }: OverrideReport,
  nameOf: (segmentKey: string) => string,
): readonly string[] {
  const against = conflicts.reduce((sum, { customers }) => sum + customers, 0)
  const shown = conflicts.slice(0, MOST_CONFLICTS)
  const more = conflicts.length - shown.length
  return [
    `Overrides: ${formatCount(applied)} in effect, ${formatCount(against)} of them against the method; ${formatCount(expired)} expired.`,
    ...(source && source.overruled > 0
      ? [`${formatCount(source.overruled)} rows of the source give way to what the pipeline says of the same customer.`]
      : []),
    ...shown.map(
      ({ fromSegmentKey, toSegmentKey, customers }) =>
        `  ${formatCount(customers)} from ${nameOf(fromSegmentKey)} to ${nameOf(toSegmentKey)}`,
    ),
    ...(more > 0 ? [`  ${more} more pairs: --json has them all.`] : []),
    ...(unknownCustomers > 0
      ? [`Warning: ${formatCount(unknownCustomers)} overrides name customers who are not in this run.`]
      : []),
    ...(source ? warningsOf(source) : []),
  ]
}

function warningsOf({ unknownSegments, contested, rejected }: SourceReport): readonly string[] {
  const warnings = [
    [unknownSegments, 'name a segment that this run does not have, or a word that several have'],
    [contested, 'put one customer into several segments'],
    [rejected, 'were rejected by cleansing'],
  ] as const
  return warnings.flatMap(([rows, what]) =>
    rows > 0 ? [`Warning: ${formatCount(rows)} rows of the source of overrides ${what}.`] : [],
  )
}
