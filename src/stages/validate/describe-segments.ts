import type { ModelCluster } from '../cluster/model.ts'
import type { SegmentRule } from './rule-sql.ts'
import type { FeatureProfile } from './profile-feature.ts'
import type { LabelMatch } from './match-labels.ts'
import { nameSegments } from './name-segments.ts'
import type { Phrases } from './name-segments.ts'
import type { CandidateSegment, SegmentProfile, SegmentStatus } from './validation.ts'

export interface DescribedFeature {
  readonly feature: string
  readonly unit: string
  /** One a cluster. */
  readonly profiles: readonly FeatureProfile[]
}

/** What is said about segments elsewhere. */
export interface KnownNames {
  /** Segment key → name it is published under. */
  readonly published: Readonly<Record<string, string>>
  /** By name of a feature. */
  readonly phrases: Phrases
  /** Name → key and note, from the pipeline. */
  readonly given: Readonly<Record<string, { readonly key: string; readonly note?: string | undefined }>>
}

/** A cluster, with what is known of it beside its profile. */
export interface DescribedCluster extends ModelCluster {
  /** Customers in it. */
  readonly size: number
  readonly rule: SegmentRule | null
  readonly stability: number | null
}

/** One profile a segment and feature: segments in the order of clusters, features as they came. */
export function profileSegments(
  matches: readonly LabelMatch[],
  features: readonly DescribedFeature[],
): readonly SegmentProfile[] {
  return matches.flatMap(({ segmentKey }, cluster) =>
    features.map(({ feature, unit, profiles }) => ({ segmentKey, feature, unit, ...profiles[cluster]! })),
  )
}

/**
 * The candidate's segments in the order of clusters. A segment is `active`, unless it is new beside published ones: then it is
 * `provisional` until another run finds it again.
 *
 * @param clusters one a match
 */
export function describeSegments(
  matches: readonly LabelMatch[],
  clusters: readonly DescribedCluster[],
  profiles: readonly SegmentProfile[],
  { published, given, phrases }: KnownNames,
  isFirstRun: boolean,
): readonly CandidateSegment[] {
  const total = clusters.reduce((sum, { size, level }) => sum + (level === 0 ? size : 0), 0)
  const givenNames = Object.entries(given).map(([name, { key, note }]) => ({ name, key, note }))
  const texts = nameSegments(
    matches.map(({ segmentKey }, cluster) => ({
      segmentKey,
      publishedName: published[segmentKey] ?? null,
      ofMethod: clusters[cluster]!,
      given: givenNames.find(({ key }) => key === segmentKey) ?? null,
      profiles: profiles.filter((profile) => profile.segmentKey === segmentKey),
    })),
    phrases,
  )
  return matches.map(({ segmentKey, isNew }, cluster) => {
    const { size: customers, ownKey, level, parent, rule, stability } = clusters[cluster]!
    const parentSegmentKey = parent === null ? null : matches[parent]!.segmentKey
    const status: SegmentStatus = isNew && !isFirstRun ? 'provisional' : 'active'
    const share = customers / total
    const place = { cluster, ownKey, level, parentSegmentKey, rule, stability }
    return { segmentKey, ...texts[cluster]!, customers, share, ...place, status, isNew }
  })
}

/** What the catalogue says of a segment. */
export type KnownSegment = Pick<CandidateSegment, 'segmentKey' | 'name' | 'description' | 'criteria' | 'status'>

/** The segments of a score run as they are published: it forms none, and finds none again. A name or note that people gave since wins. */
export function keepDescriptions(
  segments: readonly CandidateSegment[],
  published: readonly KnownSegment[],
  given: KnownNames['given'],
): readonly CandidateSegment[] {
  const notes = new Map(Object.values(given).map(({ key, note }) => [key, note]))
  return segments.map((segment) => {
    const known = published.find(({ segmentKey }) => segmentKey === segment.segmentKey)
    if (!known) return segment
    const { criteria, status } = known
    const isRenamed = known.name !== segment.name || notes.get(segment.segmentKey) !== undefined
    return { ...segment, criteria, status, description: isRenamed ? segment.description : known.description }
  })
}
