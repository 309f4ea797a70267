import type { MoveReason } from '../../../run/transition.ts'
import { adjustedRandOf } from '../../../stats/adjusted-rand.ts'
import type { Contingency } from '../../../stats/contingency.ts'
import { adjustedMutualInformation, variationOfInformation } from '../../../stats/mutual-information.ts'
import { populationStability } from '../../../stats/population-stability.ts'
import type { LabelMatch } from '../identity/identities.ts'
import type { Overlap } from '../panel.ts'
import type { Transition } from '../validation.ts'
import type { ComparisonMeasure } from './measures.ts'

export interface ComparedPartitions {
  readonly overlap: Overlap
  /** One a cluster. */
  readonly matches: readonly LabelMatch[]
  /** Whether customers are in a cluster first of all. */
  readonly isPrimary: (cluster: number) => boolean
  readonly transitions: readonly Transition[]
}

/** How the candidate and what is live agree on the panel, and how large each population and segment is. Empty on a first run. */
export function comparePartitions(compared: ComparedPartitions): readonly ComparisonMeasure[] {
  const { overlap, matches, isPrimary, transitions } = compared
  const liveKeys = Object.keys(overlap.published)
  if (liveKeys.length === 0) return []
  const clusters = matches.flatMap((_, cluster) => (isPrimary(cluster) ? [cluster] : []))
  const table = panelTable(overlap, clusters, liveKeys)
  const everybody = (measure: ComparisonMeasure['measure'], value: number): ComparisonMeasure => ({
    measure,
    subject: null,
    value,
    previous: null,
  })
  return [
    everybody('panel', overlap.panel),
    ...(['new', 'returned', 'lost'] as const).map((reason) => everybody(reason, countMoves(transitions, reason))),
    ...(overlap.panel === 0
      ? []
      : [
          everybody('adjusted_rand', adjustedRandOf(table)),
          everybody('adjusted_mutual_information', adjustedMutualInformation(table)),
          everybody('variation_of_information', variationOfInformation(table)),
        ]),
    ...ofSegments(compared, clusters),
    ...shareDrift(compared, clusters),
  ]
}

function countMoves(transitions: readonly Transition[], reason: MoveReason): number {
  return transitions.reduce((sum, { moveReason, customers }) => sum + (moveReason === reason ? customers : 0), 0)
}

function panelTable(
  { counts, publishedKeys }: Overlap,
  clusters: readonly number[],
  liveKeys: readonly string[],
): Contingency {
  const columns = liveKeys.map((key) => publishedKeys.indexOf(key))
  return {
    rows: clusters.length,
    columns: columns.length,
    counts: Float64Array.from(
      clusters.flatMap((cluster) => columns.map((column) => counts[cluster * publishedKeys.length + column]!)),
    ),
  }
}

/** Every segment there is or was, with its size; of those that go on, how many of both panels' customers they share. */
function ofSegments(
  { overlap, matches }: ComparedPartitions,
  clusters: readonly number[],
): readonly ComparisonMeasure[] {
  const now = new Map(clusters.map((cluster) => [matches[cluster]!.segmentKey, cluster]))
  const keys = [...new Set([...now.keys(), ...Object.keys(overlap.published)])]
  const total = clusters.reduce((sum, cluster) => sum + overlap.sizes[cluster]!, 0)
  const totalBefore = Object.values(overlap.published).reduce((sum, size) => sum + size, 0)
  return keys.flatMap((subject): ComparisonMeasure[] => {
    const cluster = now.get(subject)
    const value = cluster === undefined ? 0 : overlap.sizes[cluster]!
    const previous = overlap.published[subject] ?? null
    const sizes: ComparisonMeasure[] = [
      { measure: 'customers', subject, value, previous },
      {
        measure: 'share',
        subject,
        value: total === 0 ? 0 : value / total,
        previous: previous === null ? null : previous / totalBefore,
      },
    ]
    if (cluster === undefined || previous === null) return sizes
    return [{ measure: 'jaccard', subject, value: matches[cluster]!.overlap, previous: null }, ...sizes]
  })
}

/**
 * Population stability index of the shares of the segments that there are and were; what chance alone gives is `previous`. Of segments that
 * appear or end lineage tells: an index of them says nothing but that a share was zero.
 */
function shareDrift(
  { overlap, matches }: ComparedPartitions,
  clusters: readonly number[],
): readonly ComparisonMeasure[] {
  const sizes = new Map(clusters.map((cluster) => [matches[cluster]!.segmentKey, overlap.sizes[cluster]!]))
  const keys = [...sizes.keys()].filter((key) => (overlap.published[key] ?? 0) > 0 && sizes.get(key)! > 0)
  const { index, byChance } = populationStability(
    keys.map((key) => overlap.published[key]!),
    keys.map((key) => sizes.get(key)!),
  )
  return [{ measure: 'share_drift', subject: null, value: index, previous: byChance }]
}
