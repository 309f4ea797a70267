import { keyNumber } from '../../../run/segment-key.ts'
import type { IdentityInput } from './identities.ts'

/**
 * Cluster numbers in an order that their numbers do not decide: by customers of the panel from each live segment, then by centre, then by
 * size. Only clusters that are alike in all of these stay in the order of their numbers.
 */
export function orderClusters({ clusters, live, counts }: IdentityInput): readonly number[] {
  const keys = live.map((_, at) => at).sort((a, b) => keyNumber(live[a]!.segmentKey) - keyNumber(live[b]!.segmentKey))
  return clusters
    .map((_, cluster) => cluster)
    .sort((a, b) => {
      const counted = keys.map((key) => counts[b * live.length + key]! - counts[a * live.length + key]!)
      return (
        counted.find((difference) => difference !== 0) ??
        (compareCentres(clusters[a]!.centre, clusters[b]!.centre) ||
          clusters[b]!.customers - clusters[a]!.customers ||
          a - b)
      )
    })
}

/** The order in which clusters get fresh keys: level by level, those that the definition names as it does, then by size, the largest first. */
export function orderFresh(input: IdentityInput): readonly number[] {
  const { clusters } = input
  const named = (cluster: number): number => (clusters[cluster]!.ownKey === null ? 1 : 0)
  const ranks = new Map(orderClusters(input).map((cluster, rank) => [cluster, rank]))
  return clusters
    .map((_, cluster) => cluster)
    .sort(
      (a, b) =>
        clusters[a]!.level - clusters[b]!.level ||
        named(a) - named(b) ||
        (named(a) === 0 ? a - b : clusters[b]!.customers - clusters[a]!.customers) ||
        ranks.get(a)! - ranks.get(b)!,
    )
}

function compareCentres(a: readonly number[] | null, b: readonly number[] | null): number {
  if (!a || !b) return 0
  return a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0
}
