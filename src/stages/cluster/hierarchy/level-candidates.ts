import type { ModelCandidate, ModelCluster } from '../model.ts'
import type { HierarchyLevel } from './config.ts'
import type { SettledHierarchy } from './settle-levels.ts'

/** Some rows in the groups of a level, numbered from 0. */
export interface LevelPartition {
  readonly labels: Int32Array
  readonly clusterCount: number
}

/**
 * The partitions of all levels, from the finest.
 *
 * @param clusters of all levels, those of the finest first
 * @param labels the cluster of the finest level that each row is in
 */
export function partitionsOf(clusters: readonly ModelCluster[], labels: Int32Array): readonly LevelPartition[] {
  const partitions: LevelPartition[] = []
  let own = labels
  for (let level = 0; ; level++) {
    const first = clusters.findIndex((cluster) => cluster.level === level)
    if (first < 0) return partitions
    const clusterCount = clusters.filter((cluster) => cluster.level === level).length
    partitions.push({ labels: own.map((cluster) => cluster - first), clusterCount })
    own = own.map((cluster) => clusters[cluster]!.parent ?? -1)
  }
}

/**
 * What is known of each level, from the finest, which is the one that customers are in first of all.
 *
 * @param levels of the pipeline, from the coarsest
 */
export function levelCandidates(
  { clusters, sizes }: SettledHierarchy,
  levels: readonly HierarchyLevel[],
  found: {
    readonly silhouettes: readonly (number | null)[]
    /** Of the finest level. */
    readonly inertia: number
    /** That `sizes` count. */
    readonly customerCount: number
  },
): readonly ModelCandidate[] {
  let customers: readonly number[] = sizes
  return levels.toReversed().map(({ name, count }, level): ModelCandidate => {
    const own = clusters.flatMap((cluster, number) => (cluster.level === level ? [number] : []))
    if (level > 0) customers = own.map((number) => sumOf(clusters, number, customers))
    return {
      method: 'hierarchy',
      clusterCount: own.length,
      silhouette: found.silhouettes[level] ?? null,
      inertia: level === 0 ? found.inertia : null,
      smallestShare: Math.min(...customers) / found.customerCount,
      chosen: level === 0,
      reason: reasonOf(name, own.length, count, level),
    }
  })
}

/** @param below customers of the clusters one level below */
function sumOf(clusters: readonly ModelCluster[], number: number, below: readonly number[]): number {
  const { level } = clusters[number]!
  const parts = clusters.filter((cluster) => cluster.level === level - 1)
  return parts.reduce((sum, { parent }, i) => sum + (parent === number ? below[i]! : 0), 0)
}

function reasonOf(name: string, formed: number, asked: number, level: number): string {
  const many =
    formed < asked
      ? `${formed} groups of at most ${asked}: another split would leave fewer customers than the minimum`
      : `${formed} groups, as many as asked for`
  return level === 0 ? `Level ${name}, the finest: ${many}.` : `Level ${name}, above the segments: ${many}.`
}
