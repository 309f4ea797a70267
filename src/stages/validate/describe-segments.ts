import type { ModelCluster } from '../cluster/model.ts'
import type { SegmentRule } from './rule-sql.ts'
import type { FeatureProfile } from './profile-feature.ts'
import type { LabelMatch } from './identity/identities.ts'
import { placeNames, type GivenName } from './given-names.ts'
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
  /** Name → key or profile, owner and note, from the pipeline. They stick to the key. */
  readonly given: Readonly<Record<string, GivenName>>
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

/** What of the past decides how far a segment is to be trusted. */
export interface Standing {
  /** Of the catalogue: segment key → status. */
  readonly statuses: Readonly<Record<string, SegmentStatus>>
  /** Whether what is live looks from another instant: a revision of the same instant finds nothing again that was not there. */
  readonly confirms: boolean
}

/**
 * The candidate's segments in the order of clusters. One that a definition names is `active`. Any other is `provisional` when it is new, and
 * `returned` when it was retired, until a run of a later as-of finds it again, or a person approves.
 *
 * @param clusters one a match
 */
export function describeSegments(
  matches: readonly LabelMatch[],
  clusters: readonly DescribedCluster[],
  profiles: readonly SegmentProfile[],
  { published, given, phrases }: KnownNames,
  standing: Standing,
): readonly CandidateSegment[] {
  const total = clusters.reduce((sum, { size, level }) => sum + (level === 0 ? size : 0), 0)
  const primary = matches.flatMap(({ segmentKey }, cluster) => (clusters[cluster]!.level === 0 ? [segmentKey] : []))
  const givenNames = placeNames(given, primary, profiles, published)
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
  return matches.map((match, cluster) => {
    const { segmentKey, isNew } = match
    const { size: customers, ownKey, level, parent, layer = null, rule, stability } = clusters[cluster]!
    const parentSegmentKey = parent === null ? null : matches[parent]!.segmentKey
    const status = statusOf(match, ownKey, standing)
    const owner = givenNames.find(({ key }) => key === segmentKey)?.owner ?? null
    const share = customers / total
    const place = { cluster, ownKey, level, parentSegmentKey, layer, rule, stability }
    return { segmentKey, ...texts[cluster]!, owner, customers, share, ...place, status, isNew }
  })
}

function statusOf(
  { segmentKey, isNew, isReturned }: LabelMatch,
  ownKey: string | null,
  { statuses, confirms }: Standing,
): SegmentStatus {
  if (isReturned) return 'returned'
  if (isNew) return ownKey === null ? 'provisional' : 'active'
  const known = statuses[segmentKey]
  return confirms || known === undefined || known === 'retired' ? 'active' : known
}

/** What a person who approves a run says of its segments: all of them stand. */
export function confirmSegments(segments: readonly CandidateSegment[]): readonly CandidateSegment[] {
  return segments.map((segment) => ({ ...segment, status: 'active' }))
}

/** What the catalogue says of a segment. */
export type KnownSegment = Pick<CandidateSegment, 'segmentKey' | 'name' | 'description' | 'criteria' | 'status'>

/** The segments of a score run as they are published: it forms none, and finds none again. A name or note that people gave since wins. */
export function keepDescriptions(
  segments: readonly CandidateSegment[],
  published: readonly KnownSegment[],
  given: KnownNames['given'],
): readonly CandidateSegment[] {
  const names = Object.fromEntries(published.map(({ segmentKey, name }) => [segmentKey, name]))
  const notes = new Map(placeNames(given, [], [], names).map(({ key, note }) => [key, note]))
  return segments.map((segment) => {
    const known = published.find(({ segmentKey }) => segmentKey === segment.segmentKey)
    if (!known) return segment
    const { criteria, status } = known
    const isRenamed = known.name !== segment.name || notes.get(segment.segmentKey) !== undefined
    return { ...segment, criteria, status, description: isRenamed ? segment.description : known.description }
  })
}
