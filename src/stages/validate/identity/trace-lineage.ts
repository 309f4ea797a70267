import type { LineageEdge } from '../../../run/lineage.ts'
import type { IdentityInput, LabelMatch } from './identities.ts'
import { panelFigures } from './panel-figures.ts'
import type { PanelFigures } from './panel-figures.ts'

const NO_PARENT = { fromSegmentKey: null, overlap: 0, parentShare: null, childShare: null } as const

/**
 * What became of the live segments, after MONIC (Spiliopoulou et al. 2006) on the panel:
 * `survived`: the key is carried on; `split`: two parts or more of at least `splitShare` each hold at least `survivalShare` together, one of
 * them is new or back, and this is one of them. The parts of a segment that lives on are itself and those that are new or back; those of a
 * retired one may be any;
 * `absorbed`: at least `survivalShare` of a retired segment is in this one; `merged`: the same of two or more into a new one;
 * `disappeared` and `appeared`: none of these leads from the segment, or to it; `returned`: the key is that of a segment of the past.
 *
 * @param matches one a cluster, as `identifyClusters` gives them
 */
export function traceLineage(input: IdentityInput, matches: readonly LabelMatch[]): readonly LineageEdge[] {
  const figures = panelFigures(input)
  const edges = [...input.live.keys()].flatMap((at) => edgesOf(input, matches, figures, at))
  const absorbed = (key: string | null): number =>
    edges.filter(({ toSegmentKey, kind }) => toSegmentKey === key && kind === 'absorbed').length
  const fresh = new Set(matches.filter(({ isNew }) => isNew).map(({ segmentKey }) => segmentKey))
  const told = edges.map((edge): LineageEdge => {
    const { kind, toSegmentKey } = edge
    return kind === 'absorbed' && fresh.has(toSegmentKey!) && absorbed(toSegmentKey) > 1
      ? { ...edge, kind: 'merged' }
      : edge
  })
  const appeared = [...fresh]
    .filter((key) => !edges.some(({ toSegmentKey }) => toSegmentKey === key))
    .map((toSegmentKey): LineageEdge => ({ ...NO_PARENT, toSegmentKey, kind: 'appeared' }))
  const returned = matches
    .filter(({ isReturned }) => isReturned)
    .map(({ segmentKey, overlap }): LineageEdge => ({
      ...NO_PARENT,
      toSegmentKey: segmentKey,
      kind: 'returned',
      overlap,
    }))
  return [...told, ...appeared, ...returned]
}

/** Where one live segment went. */
function edgesOf(
  { live, thresholds }: Pick<IdentityInput, 'live' | 'thresholds'>,
  matches: readonly LabelMatch[],
  figures: PanelFigures,
  at: number,
): readonly LineageEdge[] {
  const { survivalShare, splitShare } = thresholds
  const fromSegmentKey = live[at]!.segmentKey
  const survivor = matches.findIndex(({ segmentKey }) => segmentKey === fromSegmentKey)
  const shares = matches.map((_, cluster) => figures.parentShare(cluster, at))
  const isBorn = (cluster: number): boolean => matches[cluster]!.isNew || matches[cluster]!.isReturned
  const isPart = (cluster: number): boolean =>
    shares[cluster]! >= splitShare && (survivor < 0 || cluster === survivor || isBorn(cluster))
  const parts = [...matches.keys()].filter(isPart)
  const held = parts.reduce((sum, cluster) => sum + shares[cluster]!, 0)
  const isSplit = parts.length > 1 && parts.some(isBorn) && held >= survivalShare
  const edges = matches.flatMap(({ segmentKey }, cluster): LineageEdge[] => {
    const kind =
      cluster === survivor
        ? 'survived'
        : isSplit && parts.includes(cluster)
          ? 'split'
          : survivor < 0 && shares[cluster]! >= survivalShare
            ? 'absorbed'
            : null
    if (kind === null) return []
    const overlap = figures.overlap(cluster, at)
    const childShare = figures.childShare(cluster, at)
    return [{ fromSegmentKey, toSegmentKey: segmentKey, kind, overlap, parentShare: shares[cluster]!, childShare }]
  })
  const nothing = { toSegmentKey: null, kind: 'disappeared', overlap: 0, parentShare: null, childShare: null } as const
  return edges.length > 0 ? edges : [{ fromSegmentKey, ...nothing }]
}
