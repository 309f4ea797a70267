import type { LineageKind } from './transition.ts'

/** What one segment has to do with another, from one publication to the next. */
export interface LineageEdge {
  /** Null: appeared, or returned. */
  readonly fromSegmentKey: string | null
  /** Null: disappeared. */
  readonly toSegmentKey: string | null
  readonly kind: LineageKind
  /** Jaccard overlap on the panel, 0 to 1. */
  readonly overlap: number
  /** Share of the panel customers of `from` who are in `to`, 0 to 1; null without one of the two. */
  readonly parentShare: number | null
  /** Share of the panel customers of `to` who were in `from`. */
  readonly childShare: number | null
}

/** More edges than these are left to the warehouse: what crosses Temporal is small. */
const MOST_EDGES = 60

/**
 * Edges worth telling: all but those of segments that simply go on. A segment that went on is among them where it split, or took another in:
 * who is not, and not `returned`, is new. None on a first run, where everything appears.
 */
export function notableLineage(lineage: readonly LineageEdge[]): readonly LineageEdge[] {
  if (lineage.every(({ fromSegmentKey }) => fromSegmentKey === null)) return []
  const told = lineage.filter(({ kind }) => kind !== 'survived')
  const parents = new Set(told.filter(({ kind }) => kind === 'split').map(({ fromSegmentKey }) => fromSegmentKey))
  const children = new Set(told.map(({ toSegmentKey }) => toSegmentKey))
  return lineage
    .filter((edge) => edge.kind !== 'survived' || parents.has(edge.fromSegmentKey) || children.has(edge.toSegmentKey))
    .slice(0, MOST_EDGES)
}

/**
 * Lineage in sentences: `shop-3 split: 62 % stay as shop-3, 31 % became shop-9 (new)`.
 *
 * @param edges as `notableLineage` leaves them
 * @param nameOf what is said beside a key: `shop-3 “Loyal” split`. Default: nothing; nor where it is the key
 */
export function lineageTexts(
  edges: readonly LineageEdge[],
  nameOf?: (segmentKey: string) => string,
): readonly string[] {
  const named = (key: string | null): string | null =>
    key === null || !nameOf || nameOf(key) === key ? key : `${key} “${nameOf(key)}”`
  const lineage = edges.map((edge) => ({
    ...edge,
    fromSegmentKey: named(edge.fromSegmentKey),
    toSegmentKey: named(edge.toSegmentKey),
  }))
  const ofKind = (wanted: LineageKind): readonly LineageEdge[] => lineage.filter(({ kind }) => kind === wanted)
  const returned = new Set(ofKind('returned').map(({ toSegmentKey }) => toSegmentKey))
  const survived = new Set(ofKind('survived').map(({ toSegmentKey }) => toSegmentKey))
  const isNew = (key: string | null): boolean => !returned.has(key) && !survived.has(key)
  const called = (key: string | null): string => {
    if (returned.has(key)) return `${key} (back again)`
    return isNew(key) ? `${key} (new)` : `${key}`
  }
  const parents = unique(ofKind('split').map(({ fromSegmentKey }) => fromSegmentKey))
  const splits = parents.map((parent) => {
    const parts = lineage
      .filter(({ kind, fromSegmentKey }) => fromSegmentKey === parent && (kind === 'split' || kind === 'survived'))
      .sort((a, b) => b.parentShare! - a.parentShare!)
      .map(({ kind, toSegmentKey, parentShare }) => {
        if (kind === 'survived') return `${percent(parentShare)} stay as ${toSegmentKey}`
        return `${percent(parentShare)} ${survived.has(toSegmentKey) ? 'went to' : 'became'} ${called(toSegmentKey)}`
      })
    return `${parent} split: ${parts.join(', ')}`
  })
  const merges = unique(ofKind('merged').map(({ toSegmentKey }) => toSegmentKey)).map((child) => {
    const parts = ofKind('merged').filter(({ toSegmentKey }) => toSegmentKey === child)
    const shares = parts.map(({ fromSegmentKey, parentShare }) => `${fromSegmentKey} (${percent(parentShare)} of it)`)
    return `${joined(shares)} merged into ${called(child)}`
  })
  const absorbed = ofKind('absorbed').map(
    ({ fromSegmentKey, toSegmentKey, parentShare }) =>
      `${fromSegmentKey} was absorbed: ${percent(parentShare)} of it went to ${called(toSegmentKey)}`,
  )
  const told = new Set([...ofKind('split'), ...ofKind('merged')].map(({ toSegmentKey }) => toSegmentKey))
  return [
    ...splits,
    ...merges,
    ...absorbed,
    ...ofKind('disappeared').map(({ fromSegmentKey }) => `${fromSegmentKey} disappeared: its customers are scattered`),
    ...ofKind('appeared').map(({ toSegmentKey }) => `${toSegmentKey} (new) appeared: it carries on no other segment`),
    ...[...returned].filter((key) => !told.has(key)).map((key) => `${key} is back: it was retired before`),
  ]
}

function percent(share: number | null): string {
  return `${Math.round((share ?? 0) * 100)} %`
}

function unique(keys: readonly (string | null)[]): readonly (string | null)[] {
  return [...new Set(keys)]
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
