import type { ComputeSession } from '../ports/compute-engine.ts'
import { formatCount } from '../run/figures.ts'
import type { SuppressedHashes } from '../ports/suppression.ts'
import type { VerifiedPlace } from '../run/verification.ts'
import { selectListed } from '../sql/keyed-hash.ts'
import { quoteName } from '../sql/sql-text.ts'
import { loadSuppressed } from './load-suppressed.ts'

/** Table of the session: who is on the suppression list by now, and need not be found. */
const LEFT_OUT = 'left_out'

/** Lists them among `validated`. */
export async function listLeftOut(session: ComputeSession, list: SuppressedHashes | undefined): Promise<void> {
  if (!list) return session.execute(`CREATE TABLE ${LEFT_OUT} (customer_id VARCHAR)`)
  await loadSuppressed(session, list)
  await session.execute(`CREATE TABLE ${LEFT_OUT} AS ${selectListed('SELECT customer_id FROM validated')}`)
}

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
    SELECT count(*) AS customers, count(*) FILTER (WHERE s.customer_id IS NULL AND o.customer_id IS NULL) AS missing,
      count(*) FILTER (WHERE s.customer_id IS NULL AND o.customer_id IS NOT NULL) AS left_out,
      count(*) FILTER (WHERE v.customer_id IS NULL) AS unknown,
      count(*) FILTER (WHERE ${both} AND (${columns.map(differs).join(' OR ')})) AS differing,
      ${columns.map((name, i) => `count(*) FILTER (WHERE ${both} AND ${differs(name)}) AS differing_${i}`).join(', ')}
    FROM validated AS v FULL JOIN ${table} AS s ON s.customer_id = v.customer_id
    LEFT JOIN ${LEFT_OUT} AS o ON o.customer_id = v.customer_id`)
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
  const without = count('left_out') > 0 ? `, without ${formatCount(count('left_out'))} who objected` : ''
  return problems.length > 0
    ? wrong(place, what, `${where}: ${problems.join('; ')}.`)
    : fine(place, what, `${formatCount(count('customers') - count('left_out'))} customers as validated${without}`)
}

export function fine(place: VerifiedPlace['place'], what: string, finding: string): VerifiedPlace {
  return { place, what, isEqual: true, finding }
}

export function wrong(place: VerifiedPlace['place'], what: string, finding: string): VerifiedPlace {
  return { place, what, isEqual: false, finding }
}
