import { jaccardMatrix } from '../../stats/jaccard.ts'
import type { LabelMatch, PanelCounts } from './match-labels.ts'
import type { LineageEdge } from './validation.ts'

/** A published segment is split into new segments that each take at least this share of its panel. */
const SPLIT_SHARE = 0.3
/** A retired segment is absorbed by the segment that takes at least this share of its panel: it can be only one. */
const ABSORBED_SHARE = 0.5

/**
 * What became of the published segments, after MONIC (Spiliopoulou et al. 2006) on the panel:
 * `survived`: the key is carried on; `split`: at least 30 % of a published segment is in this new segment, and another at least 30 % in
 * another segment; `absorbed`: most of a retired segment is in this one; `merged`: the same of two or more into one new segment;
 * `disappeared` and `appeared`: none of these leads from the segment, or to it; `returned`: the key is that of a segment of the past.
 *
 * @param matches one a cluster, as `matchLabels` gives them
 */
export function traceLineage(panel: PanelCounts, matches: readonly LabelMatch[]): readonly LineageEdge[] {
  const { clusterCount, publishedKeys, counts } = panel
  const columns = publishedKeys.length
  const overlaps = jaccardMatrix({ rows: clusterCount, columns, counts })
  const edges: LineageEdge[] = []
  for (const [column, fromSegmentKey] of publishedKeys.entries()) {
    const taken = matches.map((_, cluster) => counts[cluster * columns + column]!)
    const members = taken.reduce((sum, count) => sum + count, 0)
    const shares = taken.map((count) => (members === 0 ? 0 : count / members))
    const survivor = matches.findIndex(({ segmentKey }) => segmentKey === fromSegmentKey)
    const parts = shares.filter((share) => share >= SPLIT_SHARE).length
    const before = edges.length
    for (const [cluster, { segmentKey, isNew }] of matches.entries()) {
      const edge = { fromSegmentKey, toSegmentKey: segmentKey, overlap: overlaps[cluster * columns + column]! }
      if (cluster === survivor) edges.push({ ...edge, kind: 'survived' })
      else if (isNew && parts > 1 && shares[cluster]! >= SPLIT_SHARE) edges.push({ ...edge, kind: 'split' })
      else if (survivor < 0 && shares[cluster]! >= ABSORBED_SHARE) edges.push({ ...edge, kind: 'absorbed' })
    }
    if (edges.length === before) edges.push({ fromSegmentKey, toSegmentKey: null, kind: 'disappeared', overlap: 0 })
  }
  const newKeys = new Set(matches.filter(({ isNew }) => isNew).map(({ segmentKey }) => segmentKey))
  const absorbedBy = (key: string | null): number =>
    edges.filter(({ toSegmentKey, kind }) => toSegmentKey === key && kind === 'absorbed').length
  const appeared = [...newKeys]
    .filter((key) => !edges.some(({ toSegmentKey }) => toSegmentKey === key))
    .map((toSegmentKey): LineageEdge => ({ fromSegmentKey: null, toSegmentKey, kind: 'appeared', overlap: 0 }))
  const returned = matches
    .filter(({ segmentKey, isNew }) => !isNew && !publishedKeys.includes(segmentKey))
    .map(({ segmentKey }): LineageEdge => ({
      fromSegmentKey: null,
      toSegmentKey: segmentKey,
      kind: 'returned',
      overlap: 0,
    }))
  return [
    ...edges.map((edge) =>
      edge.kind === 'absorbed' && newKeys.has(edge.toSegmentKey!) && absorbedBy(edge.toSegmentKey) > 1
        ? { ...edge, kind: 'merged' as const }
        : edge,
    ),
    ...appeared,
    ...returned,
  ]
}
