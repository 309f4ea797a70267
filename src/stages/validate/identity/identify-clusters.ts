import { keyNumber } from '../../../run/segment-key.ts'
import { assignPairs } from './assign-pairs.ts'
import type { PairMerit } from './assign-pairs.ts'
import { centreMoves, placesOf } from './centre-moves.ts'
import type { IdentityInput, KnownSegment, LabelMatch, MatchedBy } from './identities.ts'
import { orderClusters, orderFresh } from './order-clusters.ts'
import { panelFigures } from './panel-figures.ts'

interface Found {
  readonly segment: KnownSegment
  readonly isReturned: boolean
  readonly matchedBy: MatchedBy
  readonly overlap: number
}

/**
 * Gives every cluster its lasting key. The first that finds one:
 *  1. `own-key`: the definition names cluster and segment alike, live or retired, whoever is in it;
 *  2. `parts`: of a combination of layers, its parts go on with the segments that a live one is a combination of;
 *  3. `overlap`: the assignment to live segments with the largest sum of Jaccard overlaps on the panel (Kuhn 1955), of equal sums the one
 *     whose centres moved least. A pair below `minimumOverlap` does not count; nor does one with fewer than `minimumPanel` customers of the
 *     panel on either side whose cluster's centre is nearer to another live segment;
 *  4. `centre`: of the pairs that are left and have so few customers, the assignment with the least moved centres, up to `maximumDistance`;
 *  5. the same with retired segments and their last members and centres, however large the panel is.
 * Who is left gets a fresh key, above every number there ever was. The result depends neither on the numbers of clusters nor on the order
 * of segments, nor, but for the order of fresh keys, on customers outside the panel.
 *
 * @returns one match a cluster
 */
export function identifyClusters(input: IdentityInput): readonly LabelMatch[] {
  const { clusters } = input
  const found = new Map<number, Found>()
  byOwnKey(input, found)
  const order = orderClusters(input).filter((cluster) => clusters[cluster]!.ownKey === null)
  const isCombination = (cluster: number): boolean => clusters[cluster]!.parts.length > 0
  // What a combination goes on with, its parts say.
  identifyByMembers(
    input,
    found,
    order.filter((cluster) => !isCombination(cluster)),
  )
  byParts(input, found, order.filter(isCombination))
  identifyByMembers(input, found, order.filter(isCombination))

  let number = input.newestNumber
  const fresh = new Map(
    orderFresh(input)
      .filter((cluster) => !found.has(cluster))
      .map((cluster) => [cluster, `${input.pipeline}-${++number}`]),
  )
  return clusters.map((_, cluster): LabelMatch => {
    const one = found.get(cluster)
    if (!one)
      return {
        ...{ segmentKey: fresh.get(cluster)!, isNew: true, isReturned: false },
        ...{ matchedBy: 'nothing', overlap: 0 },
      }
    const { segment, isReturned, matchedBy, overlap } = one
    return { segmentKey: segment.segmentKey, isNew: false, isReturned, matchedBy, overlap }
  })
}

function byOwnKey(input: IdentityInput, found: Map<number, Found>): void {
  const { clusters, live, past } = input
  const figures = panelFigures(input)
  for (const [cluster, { ownKey }] of clusters.entries()) {
    if (ownKey === null) continue
    const isOwn = (segment: KnownSegment): boolean => segment.ownKey === ownKey
    const [at, before] = [live.findIndex(isOwn), past.findIndex(isOwn)]
    if (at >= 0) {
      const overlap = figures.overlap(cluster, at)
      found.set(cluster, { segment: live[at]!, isReturned: false, matchedBy: 'own-key', overlap })
    } else if (before >= 0) {
      const overlap = figures.pastOverlap(cluster, before)
      found.set(cluster, { segment: past[before]!, isReturned: true, matchedBy: 'own-key', overlap })
    }
  }
}

function byParts(input: IdentityInput, found: Map<number, Found>, combinations: readonly number[]): void {
  const { clusters, live } = input
  const figures = panelFigures(input)
  for (const cluster of combinations) {
    const parts = clusters[cluster]!.parts.map((part) => found.get(part)?.segment.segmentKey)
    const at = live.findIndex(
      (segment) =>
        segment.ownKey === null &&
        segment.parts.length === parts.length &&
        segment.parts.every((part, i) => part === parts[i]),
    )
    if (at < 0) continue
    const overlap = figures.overlap(cluster, at)
    found.set(cluster, { segment: live[at]!, isReturned: false, matchedBy: 'parts', overlap })
  }
}

/** Steps 3 to 5, for the given clusters in an order that does not depend on their numbers. */
function identifyByMembers(input: IdentityInput, found: Map<number, Found>, order: readonly number[]): void {
  const { clusters, live, past, thresholds } = input
  const { minimumOverlap, minimumPanel, maximumDistance } = thresholds
  const figures = panelFigures(input)
  const centres = centreMoves(input)
  const canMeet = placesOf(input)
  const isFew = (cluster: number, segment: number): boolean =>
    Math.min(figures.ofClusters[cluster]!, figures.ofLive[segment]!) < minimumPanel
  const closeness = (cluster: number, segment: KnownSegment): number => {
    const move = centres.move(cluster, segment)
    return move === null ? 0 : 1 / (1 + move)
  }
  const byCentre = (cluster: number, segment: KnownSegment): PairMerit | null => {
    const move = centres.move(cluster, segment)
    return move === null || move > maximumDistance ? null : { merit: 1 / (1 + move), tie: 0 }
  }
  const byOverlap = (cluster: number, segment: KnownSegment, overlap: number): PairMerit | null =>
    overlap > 0 && overlap >= minimumOverlap ? { merit: overlap, tie: closeness(cluster, segment) } : null

  const assign = (
    segments: readonly KnownSegment[],
    step: Pick<Found, 'isReturned' | 'matchedBy'>,
    overlapOf: (cluster: number, at: number) => number,
    meritOf: (cluster: number, at: number) => PairMerit | null,
  ): void => {
    const taken = new Set([...found.values()].map(({ segment }) => segment))
    const free = indices(segments.length)
      .filter((at) => segments[at]!.ownKey === null && !taken.has(segments[at]!))
      .sort((a, b) => compareKeys(segments[a]!.segmentKey, segments[b]!.segmentKey))
    const pairs = assignPairs(
      order.filter((cluster) => !found.has(cluster)),
      free,
      (cluster, at) => (canMeet(clusters[cluster]!, segments[at]!) ? meritOf(cluster, at) : null),
    )
    for (const [cluster, at] of pairs)
      found.set(cluster, { segment: segments[at]!, ...step, overlap: overlapOf(cluster, at) })
  }

  const nearest = new Map(order.map((cluster) => [cluster, centres.nearest(cluster)]))
  assign(live, { isReturned: false, matchedBy: 'overlap' }, figures.overlap, (cluster, at) => {
    const near = nearest.get(cluster) ?? null
    if (isFew(cluster, at) && near !== null && near !== live[at]) return null
    return byOverlap(cluster, live[at]!, figures.overlap(cluster, at))
  })
  assign(live, { isReturned: false, matchedBy: 'centre' }, figures.overlap, (cluster, at) =>
    isFew(cluster, at) ? byCentre(cluster, live[at]!) : null,
  )
  if (!thresholds.returns) return
  assign(past, { isReturned: true, matchedBy: 'overlap' }, figures.pastOverlap, (cluster, at) =>
    byOverlap(cluster, past[at]!, figures.pastOverlap(cluster, at)),
  )
  assign(past, { isReturned: true, matchedBy: 'centre' }, figures.pastOverlap, (cluster, at) =>
    byCentre(cluster, past[at]!),
  )
}

function compareKeys(a: string, b: string): number {
  return keyNumber(a) - keyNumber(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
