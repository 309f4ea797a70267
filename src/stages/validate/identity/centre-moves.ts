import type { IdentityInput, KnownSegment } from './identities.ts'

type Place = Pick<KnownSegment, 'level' | 'layer' | 'centre'>

/** How far centres lie from where segments are. */
export interface CentreMoves {
  /**
   * Distance of a cluster's centre from that of a segment ÷ the way from there to the nearest other live segment; null: not known.
   * Without another segment the way is √ dimensions: what a customer lies from the middle of standardised features.
   */
  move(cluster: number, segment: KnownSegment): number | null
  /** The live segment that the centre is nearest to; null: not known. */
  nearest(cluster: number): KnownSegment | null
}

/** Clusters and segments of another level, or of a layer of their own, are not compared with one another. */
export function haveSamePlace(a: Place, b: Place): boolean {
  return a.level === b.level && a.layer === b.layer
}

/**
 * Whether a cluster may go on with a segment: of the same level, and of the same layer. A layer that only one of the runs has is a renamed,
 * new or dropped one: its clusters may go on with segments of layers that only the other run has.
 */
export function placesOf({
  clusters,
  live,
}: Pick<IdentityInput, 'clusters' | 'live'>): (cluster: Place, segment: Place) => boolean {
  const layersOf = (places: readonly Place[]): ReadonlySet<string> =>
    new Set(places.map(({ level, layer }) => `${level} ${layer ?? ''}`))
  const [ofClusters, ofLive] = [layersOf(clusters), layersOf(live)]
  const nameOf = ({ level, layer }: Place): string => `${level} ${layer ?? ''}`
  return (cluster, segment) =>
    haveSamePlace(cluster, segment) ||
    (cluster.level === segment.level && !ofLive.has(nameOf(cluster)) && !ofClusters.has(nameOf(segment)))
}

export function centreMoves({ clusters, live }: Pick<IdentityInput, 'clusters' | 'live'>): CentreMoves {
  const canMeet = placesOf({ clusters, live })
  const spacings = new Map<KnownSegment, number | null>()
  const spacingOf = (segment: KnownSegment): number | null => {
    if (!spacings.has(segment)) {
      const others = live.filter((other) => other !== segment && haveSamePlace(other, segment))
      spacings.set(segment, spacingAmong(segment, others))
    }
    return spacings.get(segment)!
  }
  return {
    move: (cluster, segment) => {
      const [distance, spacing] = [distanceOf(clusters[cluster]!, segment), spacingOf(segment)]
      return distance === null || spacing === null || spacing === 0 ? null : distance / spacing
    },
    nearest: (cluster) => {
      let best: { readonly segment: KnownSegment; readonly distance: number } | null = null
      for (const segment of live) {
        const distance = canMeet(clusters[cluster]!, segment) ? distanceOf(clusters[cluster]!, segment) : null
        if (distance !== null && (best === null || distance < best.distance)) best = { segment, distance }
      }
      return best?.segment ?? null
    },
  }
}

function spacingAmong(segment: KnownSegment, others: readonly KnownSegment[]): number | null {
  const distances = others.map((other) => distanceOf(segment, other)).filter((distance) => distance !== null)
  if (distances.length > 0) return Math.min(...distances)
  return segment.centre && Math.sqrt(segment.centre.length)
}

function distanceOf(a: Place, b: Place): number | null {
  if (!a.centre || a.centre.length !== b.centre?.length) return null
  const distance = Math.sqrt(a.centre.reduce((sum, value, i) => sum + (value - b.centre![i]!) ** 2, 0))
  return Number.isFinite(distance) ? distance : null
}
