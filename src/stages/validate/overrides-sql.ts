import { MOST_REASONS } from '../../run/reasons.ts'
import type { ModelCluster, ModelOutputs } from '../cluster/model.ts'
import { OVERRIDE_LAYER } from './resolve-overrides.ts'
import type { ResolvedOverride } from './resolve-overrides.ts'

/** Customers with an override in effect, by the cluster that the method says and the one that the person says. Needs table overrides. */
export const COUNT_OVERRIDDEN = `
SELECT p.cluster AS said, o.cluster, count(*) AS customers
FROM population AS p
JOIN overrides AS o ON o.customer_id = p.customer_id
GROUP BY p.cluster, o.cluster
ORDER BY customers DESC, said, o.cluster`

/** Clusters that customers are put into. */
export const OVERRIDDEN_CLUSTERS = 'SELECT DISTINCT cluster FROM overrides ORDER BY cluster'

/** Table `overrides` of the session: customer_id, cluster, reason (an index into the outputs' reasons). */
export function overridesTable(
  overrides: readonly ResolvedOverride[],
  { reasons }: ModelOutputs,
): { readonly rowCount: number; readonly columns: Readonly<Record<string, Int32Array | readonly string[]>> } {
  return {
    rowCount: overrides.length,
    columns: {
      customer_id: overrides.map(({ customer }) => customer),
      cluster: Int32Array.from(overrides, ({ cluster }) => cluster),
      // The last of equal labels is the person's: a method may have a reason of the same words.
      reason: Int32Array.from(overrides, ({ reason }) => reasons.lastIndexOf(reason)),
    },
  }
}

export function compileLevelMembers(number: number): string {
  return `SELECT DISTINCT also_${number} AS cluster FROM population WHERE also_${number} IS NOT NULL ORDER BY cluster`
}

/**
 * Puts customers where people say: no confidence and no distance, the person's reason alone, and what the method said as the next
 * segment. Of further memberships only those that hold the new cluster are left.
 *
 * @param levels one a further membership: cluster → the one that holds it
 */
export function compileApplyOverrides(
  { layers }: ModelOutputs,
  levels: readonly (readonly { readonly cluster: number; readonly holder: number }[])[],
): string {
  const set = [
    'cluster = o.cluster',
    'next_cluster = CASE WHEN population.cluster <> o.cluster THEN population.cluster ELSE population.next_cluster END',
    'confidence = NULL',
    'distance = NULL',
    `layer = ${layers.lastIndexOf(OVERRIDE_LAYER)}`,
    ...levels.map((holders, i) => {
      const cases = holders.map(({ cluster, holder }) => `WHEN ${cluster} THEN ${holder}`).join(' ')
      return `also_${i + 1} = ${cases === '' ? 'NULL' : `CASE o.cluster ${cases} END`}`
    }),
    ...Array.from({ length: MOST_REASONS }, (_, i) => `reason_${i + 1} = ${i === 0 ? 'o.reason' : 'NULL'}`),
    ...Array.from({ length: MOST_REASONS }, (_, i) => `pull_${i + 1} = ${i === 0 ? '1' : 'NULL'}`),
  ]
  return `UPDATE population SET ${set.join(', ')} FROM overrides AS o WHERE o.customer_id = population.customer_id`
}

/**
 * For each cluster that customers are put into: the one of its ancestors that is among the members of a level.
 *
 * @param into these clusters
 */
export function holdersOf(
  members: ReadonlySet<number>,
  into: readonly number[],
  clusters: readonly ModelCluster[],
): readonly { readonly cluster: number; readonly holder: number }[] {
  return into.flatMap((cluster) => {
    let holder = clusters[cluster]!.parent
    while (holder !== null && !members.has(holder)) holder = clusters[holder]!.parent
    return holder === null ? [] : [{ cluster, holder }]
  })
}
