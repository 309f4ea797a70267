import type { ComputeSession } from '../ports/compute-engine.ts'
import { formatCount } from '../run/figures.ts'
import type { VerifiedPlace } from '../run/verification.ts'
import { quoteName } from '../sql/sql-text.ts'

/** A table against `validated`, customer by customer; the finding counts and names columns, never a customer. */
export async function compareRows(
  session: ComputeSession,
  place: VerifiedPlace['place'],
  what: string,
  table: string,
  columns: readonly string[],
): Promise<VerifiedPlace> {
  const pulled = (name: string): string =>
    name.startsWith('pull_') ? `CAST(v.${name} AS FLOAT)` : `v.${quoteName(name)}`
  const differs = (name: string): string => `${pulled(name)} IS DISTINCT FROM s.${quoteName(name)}`
  const both = 'v.customer_id IS NOT NULL AND s.customer_id IS NOT NULL'
  const [counts] = await session.rows(`
    SELECT count(*) AS customers, count(*) FILTER (WHERE s.customer_id IS NULL) AS missing,
      count(*) FILTER (WHERE v.customer_id IS NULL) AS unknown,
      count(*) FILTER (WHERE ${both} AND (${columns.map(differs).join(' OR ')})) AS differing,
      ${columns.map((name, i) => `count(*) FILTER (WHERE ${both} AND ${differs(name)}) AS differing_${i}`).join(', ')}
    FROM validated AS v FULL JOIN ${table} AS s ON s.customer_id = v.customer_id`)
  const count = (name: string): number => Number(counts![name])
  const named = columns.filter((_, i) => count(`differing_${i}`) > 0)
  const problems = [
    ...(count('missing') > 0 ? [`${formatCount(count('missing'))} customers are missing`] : []),
    ...(count('unknown') > 0 ? [`${formatCount(count('unknown'))} customers should not be there`] : []),
    ...(count('differing') > 0
      ? [`${formatCount(count('differing'))} customers have another ${named.join(', ')}`]
      : []),
  ]
  const where = `${what[0]!.toUpperCase()}${what.slice(1)} in the ${place}`
  return problems.length > 0
    ? wrong(place, what, `${where}: ${problems.join('; ')}.`)
    : fine(place, what, `${formatCount(count('customers'))} customers as validated`)
}

export function fine(place: VerifiedPlace['place'], what: string, finding: string): VerifiedPlace {
  return { place, what, isEqual: true, finding }
}

export function wrong(place: VerifiedPlace['place'], what: string, finding: string): VerifiedPlace {
  return { place, what, isEqual: false, finding }
}
