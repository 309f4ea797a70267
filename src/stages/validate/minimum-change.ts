import { MOST_REASONS } from '../../run/reasons.ts'
import type { ClusterModel, ModelCluster } from '../cluster/model.ts'
import type { ComparisonMeasure } from './comparison/measures.ts'

/** Names what keeps a customer near a border where he was, among the layers of a model. */
export const KEPT_LAYER = 'minimumChange'

/**
 * Table `kept`: customers who were in the segment that comes next to the one they would go into, and would gain no more than `minimumChange`
 * by going: (distance to the old − distance to the new) ÷ distance to the old, which is what the confidence says. Whom people had placed is not
 * kept where they had him. Needs tables population, live_overrides and staying(cluster, segment_key).
 */
export function compileKept(minimumChange: number): string {
  return `
CREATE TABLE kept AS
SELECT p.customer_row
FROM population AS p
JOIN staying AS s ON s.cluster = p.next_cluster
WHERE p.previous_segment_key = s.segment_key AND p.confidence <= ${minimumChange}
  AND NOT EXISTS (SELECT 1 FROM live_overrides AS v WHERE v.customer_id = p.customer_id)`
}

/** Distances of the customers [start, end) to the clusters they would go into, what they gain by going, and whether they are kept. */
export function compileKeptDistances(start: number, end: number): string {
  return `
SELECT p.distance, p.confidence AS gain, CAST(k.customer_row IS NOT NULL AS INTEGER) AS is_kept
FROM population AS p
LEFT JOIN kept AS k ON k.customer_row = p.customer_row
WHERE p.customer_row >= ${start} AND p.customer_row < ${end}
ORDER BY p.customer_row`
}

/** Leaves the customers of table `kept` where they were: on the wrong side of the border, so that their margin is none. */
export function compileKeep({ layers, also, clusters }: Pick<ClusterModel, 'layers' | 'also' | 'clusters'>): string {
  const set = [
    'cluster = population.next_cluster',
    'next_cluster = population.cluster',
    'distance = population.distance / (1 - population.confidence)',
    'confidence = 0',
    `layer = ${layers.lastIndexOf(KEPT_LAYER)}`,
    ...also.map((_, i) => `also_${i + 1} = CASE population.next_cluster ${holders(clusters, i + 1)} END`),
    ...Array.from({ length: MOST_REASONS }, (_, i) => [`reason_${i + 1} = NULL`, `pull_${i + 1} = NULL`]).flat(),
  ]
  return `UPDATE population SET ${set.join(', ')} FROM kept AS k WHERE k.customer_row = population.customer_row`
}

/** The cluster of a level that holds each one that customers are in first of all. */
function holders(clusters: readonly ModelCluster[], level: number): string {
  const cases = clusters.flatMap((one, cluster) => {
    if (one.level > 0) return []
    let holder: number | null = cluster
    for (let i = 0; i < level && holder !== null; i++) holder = clusters[holder]!.parent
    return [`WHEN ${cluster} THEN ${holder ?? 'NULL'}`]
  })
  return cases.join(' ')
}

/** Sums over customers, which come in the same order each time. */
export interface KeptSums {
  readonly kept: number
  readonly distance: number
  readonly squared: number
  /** What keeping adds to the two. */
  readonly addedDistance: number
  readonly addedSquared: number
}

export const NOBODY_KEPT: KeptSums = { kept: 0, distance: 0, squared: 0, addedDistance: 0, addedSquared: 0 }

export function addKept(sums: KeptSums, distances: Float64Array, gains: Float64Array, isKept: Int32Array): KeptSums {
  let { kept, distance, squared, addedDistance, addedSquared } = sums
  for (let i = 0; i < distances.length; i++) {
    const nearest = distances[i]!
    distance += nearest
    squared += nearest ** 2
    if (isKept[i] === 0) continue
    const old = nearest / (1 - gains[i]!)
    kept++
    addedDistance += old - nearest
    addedSquared += old ** 2 - nearest ** 2
  }
  return { kept, distance, squared, addedDistance, addedSquared }
}

/** How many were kept, and by what share distances and squared distances of all customers grow by it. */
export function compareKept(sums: KeptSums): readonly ComparisonMeasure[] {
  const growth = (added: number, of: number): number => (of === 0 ? 0 : added / of)
  return [
    { measure: 'kept', subject: null, value: sums.kept, previous: null },
    { measure: 'kept_distance', subject: null, value: growth(sums.addedDistance, sums.distance), previous: null },
    { measure: 'kept_inertia', subject: null, value: growth(sums.addedSquared, sums.squared), previous: null },
  ]
}
