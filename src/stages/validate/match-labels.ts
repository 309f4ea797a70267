import { assignOptimally } from '../../stats/assignment.ts'
import { jaccardMatrix } from '../../stats/jaccard.ts'

/** Costs are whole numbers, so that the assignment is exact and ties are ties. */
const COST_UNITS = 1e12

/** Customers of the panel by where they are now and where they were. */
export interface PanelCounts {
  readonly clusterCount: number
  /** Keys that are live, in any order. */
  readonly publishedKeys: readonly string[]
  /** Shape (clusterCount, publishedKeys), row-major. */
  readonly counts: Float64Array
}

export interface LabelMatch {
  readonly segmentKey: string
  /** True when no published segment is carried on: the key was made here. */
  readonly isNew: boolean
  /** Jaccard overlap with the published segment of that key on the panel; 0 for a new one. */
  readonly overlap: number
}

/** What names the clusters and segments that last by definition. */
export interface OwnKeys {
  /** One a cluster; null: known by its members only. */
  readonly ofClusters: readonly (string | null)[]
  /** Segments that there ever were: own key → segment key. */
  readonly ofSegments: Readonly<Record<string, string>>
}

const NO_OWN_KEYS: OwnKeys = { ofClusters: [], ofSegments: {} }

/**
 * Gives every cluster its lasting key. A cluster with a key of its own is the segment of that key, whoever is in it, retired or not. Of the
 * others: the assignment to published segments with the largest sum of Jaccard overlaps on the panel (Kuhn 1955). A pair below `minimumOverlap` does not count, and a cluster without a partner gets a fresh key, in the order of
 * cluster numbers. The result does not depend on the order of clusters or keys, nor on customers outside the panel.
 *
 * @param usedKeys every key the pipeline ever had; fresh numbers lie above all of them
 * @returns one match a cluster
 */
export function matchLabels(
  panel: PanelCounts,
  minimumOverlap: number,
  pipeline: string,
  usedKeys: readonly string[],
  own: OwnKeys = NO_OWN_KEYS,
): readonly LabelMatch[] {
  const { clusterCount, publishedKeys, counts } = panel
  const columns = publishedKeys.length
  const overlaps = jaccardMatrix({ rows: clusterCount, columns, counts })
  const ownSegments = new Set(Object.values(own.ofSegments))
  const isFree = (cluster: number, key: number): boolean =>
    (own.ofClusters[cluster] ?? null) === null && !ownSegments.has(publishedKeys[key]!)
  // Among equally good assignments the solver takes one by position: positions therefore come from the overlaps, not from the numbers.
  const keyOrder = indices(columns).sort((a, b) => keyNumber(publishedKeys[a]!) - keyNumber(publishedKeys[b]!))
  const clusterOrder = indices(clusterCount).sort((a, b) => {
    for (const key of keyOrder) {
      const difference = counts[b * columns + key]! - counts[a * columns + key]!
      if (difference !== 0) return difference
    }
    return a - b
  })
  const costs = Float64Array.from({ length: clusterCount * columns }, (_, i) => {
    const [cluster, key] = [clusterOrder[Math.floor(i / columns)]!, keyOrder[i % columns]!]
    const overlap = overlaps[cluster * columns + key]!
    return isFree(cluster, key) && overlap > 0 && overlap >= minimumOverlap ? -Math.round(overlap * COST_UNITS) : 0
  })
  const partner = new Int32Array(clusterCount).fill(-1)
  assignOptimally(costs, clusterCount, columns).forEach((column, row) => {
    if (column >= 0 && costs[row * columns + column]! < 0) partner[clusterOrder[row]!] = keyOrder[column]!
  })
  let number = Math.max(0, ...[...usedKeys, ...publishedKeys].map(keyNumber))
  return Array.from(partner, (key, cluster) => {
    const ownKey = own.ofClusters[cluster] ?? null
    const segmentKey = ownKey === null ? undefined : own.ofSegments[ownKey]
    if (segmentKey !== undefined) {
      const column = publishedKeys.indexOf(segmentKey)
      return { segmentKey, isNew: false, overlap: column < 0 ? 0 : overlaps[cluster * columns + column]! }
    }
    return key < 0
      ? { segmentKey: `${pipeline}-${++number}`, isNew: true, overlap: 0 }
      : { segmentKey: publishedKeys[key]!, isNew: false, overlap: overlaps[cluster * columns + key]! }
  })
}

/**
 * The matches of clusters that are the live segments themselves: placed by the live model, nobody's segment is in question.
 *
 * @param segmentKeys one a cluster
 */
export function keepLabels(
  { clusterCount, publishedKeys, counts }: PanelCounts,
  segmentKeys: readonly string[],
): readonly LabelMatch[] {
  const columns = publishedKeys.length
  const overlaps = jaccardMatrix({ rows: clusterCount, columns, counts })
  return segmentKeys.map((segmentKey, cluster) => {
    const column = publishedKeys.indexOf(segmentKey)
    return { segmentKey, isNew: false, overlap: column < 0 ? 0 : overlaps[cluster * columns + column]! }
  })
}

/** The n of `<pipeline>-<n>`; 0 for keys that people chose. */
function keyNumber(key: string): number {
  return Number(/-(\d+)$/.exec(key)?.[1] ?? 0)
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
