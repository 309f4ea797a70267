import { cohensH } from '../../stats/cohens-h.ts'
import { cohensD } from '../../stats/cohens-d.ts'
import { mergeMoments, momentsOf } from '../../stats/moments.ts'
import type { Moments } from '../../stats/moments.ts'
import { quantileSorted } from '../../stats/quantile.ts'
import type { SegmentProfile } from './validation.ts'

/** A feature within each cluster: the figures of a `SegmentProfile`, without its names. */
export type FeatureProfile = Omit<SegmentProfile, 'segmentKey' | 'feature' | 'unit'>

/**
 * Describes one feature within every cluster, against all customers (lift) and against the customers of the other clusters (effect size).
 *
 * @param values shape (customers), NaN where the feature is NULL; always in the same order, because sums of floats depend on it
 * @param clusters shape (customers), 0 to clusterCount − 1
 * @returns one profile a cluster
 */
export function profileFeature(
  values: Float64Array,
  clusters: Int32Array,
  clusterCount: number,
): readonly FeatureProfile[] {
  const groups = groupByCluster(values, clusters, clusterCount)
  const moments = groups.map(momentsOf)
  const nothing: Moments = { count: 0, mean: NaN, squaredDeviations: 0 }
  const populationMean = moments.reduce(mergeMoments, nothing).mean
  return groups.map((group, cluster) => {
    const own = moments[cluster]!
    const rest = moments.reduce((sum, other, i) => (i === cluster ? sum : mergeMoments(sum, other)), nothing)
    const sorted = group.filter((value) => !Number.isNaN(value)).sort()
    return {
      mean: finite(own.mean),
      median: finite(quantileSorted(sorted, 0.5)),
      p10: finite(quantileSorted(sorted, 0.1)),
      p90: finite(quantileSorted(sorted, 0.9)),
      nullShare: group.length === 0 ? 0 : 1 - own.count / group.length,
      populationMean: finite(populationMean),
      effectSize: finite(cohensD(own, rest)),
      lift: finite(own.mean / populationMean),
    }
  })
}

/** Customers of a cluster by level of a category; level null: not known. */
export interface LevelCount {
  readonly cluster: number
  readonly level: string | null
  readonly customers: number
}

/**
 * Describes each level of a category within every cluster by the share of customers that have it, among those of whom the category is
 * known; effect size is Cohen's h against the customers of the other clusters.
 *
 * @returns one feature a level, named `<feature>: <level>`; `other` only when somebody has it
 */
export function profileLevels(
  { name, levels }: { readonly name: string; readonly levels: readonly string[] },
  counts: readonly LevelCount[],
  clusterCount: number,
): readonly { readonly feature: string; readonly unit: string; readonly profiles: readonly FeatureProfile[] }[] {
  const clusters = Array.from({ length: clusterCount }, (_, cluster) => cluster)
  const count = (cluster: number, level?: string | null): number =>
    counts
      .filter((one) => one.cluster === cluster && (level === undefined || one.level === level))
      .reduce((sum, { customers }) => sum + customers, 0)
  const known = clusters.map((cluster) => count(cluster) - count(cluster, null))
  const allKnown = known.reduce((sum, customers) => sum + customers, 0)
  const shown = counts.some(({ level }) => level === 'other') ? [...levels, 'other'] : levels
  return shown.map((level) => {
    const having = clusters.map((cluster) => count(cluster, level))
    const all = having.reduce((sum, customers) => sum + customers, 0)
    const profiles = clusters.map((cluster): FeatureProfile => {
      const [own, ofKnown, total] = [having[cluster]!, known[cluster]!, count(cluster)]
      return {
        mean: finite(own / ofKnown),
        median: null,
        p10: null,
        p90: null,
        nullShare: total === 0 ? 0 : 1 - ofKnown / total,
        populationMean: finite(all / allKnown),
        effectSize: finite(cohensH(own / ofKnown, (all - own) / (allKnown - ofKnown))),
        lift: finite(own / ofKnown / (all / allKnown)),
      }
    })
    return { feature: `${name}: ${level}`, unit: 'share', profiles }
  })
}

function groupByCluster(values: Float64Array, clusters: Int32Array, clusterCount: number): readonly Float64Array[] {
  const sizes = new Int32Array(clusterCount)
  for (const cluster of clusters) sizes[cluster]! += 1
  const groups = Array.from(sizes, (size) => new Float64Array(size))
  const filled = new Int32Array(clusterCount)
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters[i]!
    groups[cluster]![filled[cluster]!++] = values[i]!
  }
  return groups
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
