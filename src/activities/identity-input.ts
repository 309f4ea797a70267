import { keyNumber } from '../run/segment-key.ts'
import { centresOf } from './centres-of.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { rescaleCentre } from '../stages/features/rescale-centre.ts'
import type { ScaledCentre } from '../stages/features/rescale-centre.ts'
import type { Overlap } from '../stages/validate/panel.ts'
import type { Measures, PublishedModel } from '../stages/validate/published-model.ts'
import type { IdentityThresholds } from '../stages/validate/identity/config.ts'
import type {
  CandidateCluster,
  IdentityInput,
  KnownSegment,
  PastSegment,
} from '../stages/validate/identity/identities.ts'

/** A segment of the catalogue, with the model of the last publication that had it; null: that model is not known. */
export interface CataloguedSegment {
  readonly segmentKey: string
  readonly ownKey: string | null
  readonly level: number
  readonly layer: string | null
  readonly lastModel: PublishedModel | null
}

/** Where the last members of retired segments are now. */
export interface PastMembers {
  readonly segmentKey: string
  readonly cluster: number
  readonly customers: number
  /** Of these, in the panel. */
  readonly panelCustomers: number
}

export interface ToIdentify {
  readonly pipeline: string
  readonly model: ClusterModel
  readonly measures: Measures
  readonly live: PublishedModel | null
  readonly overlap: Overlap
  /** Every segment there ever was. */
  readonly catalogue: readonly CataloguedSegment[]
  readonly pastMembers: readonly PastMembers[]
  readonly newestNumber: number
  readonly thresholds: IdentityThresholds
}

/** A place with a centre in a scaling of its own. */
interface Scaled {
  readonly level: number
  readonly layer: string | null
  readonly scaled: ScaledCentre | null
  readonly measures: Measures
}

/** Puts together what `identifyClusters` compares, all centres in the scaling of what is live. */
export function identityInput({ model, measures, live, overlap, catalogue, ...rest }: ToIdentify): IdentityInput {
  const { clusterCount, publishedKeys, sizes } = overlap
  // A live segment that nobody is in is live.
  const liveKeys = [...new Set([...publishedKeys, ...(live?.segmentKeys ?? [])])]
  const ownCentres = centresOf(model, sizes)
  const clusters = model.clusters.map(({ level, layer = null, ownKey, parts = [] }, cluster) => ({
    ...{ level, layer, ownKey, parts, measures },
    customers: sizes[cluster]!,
    scaled: ownCentres[cluster]!,
  }))
  const known = new Map(catalogue.map((segment) => [segment.segmentKey, segment]))
  const liveSegments = liveKeys.map((segmentKey) => scaledSegment(segmentKey, known.get(segmentKey), live))
  const pastSegments = catalogue
    .filter(({ segmentKey }) => !liveKeys.includes(segmentKey))
    .map((segment) => ({
      ...scaledSegment(segment.segmentKey, segment, segment.lastModel),
      ...membersIn(segment.segmentKey, rest.pastMembers, clusterCount),
    }))
  const scaleOf = scalings([...liveSegments, ...clusters])
  const centreOf = ({ scaled, ...place }: Scaled): readonly number[] | null => {
    const scale = scaled && scaleOf(place)
    return scale ? rescale(scaled, place.measures, scale) : null
  }
  return {
    pipeline: rest.pipeline,
    clusters: clusters.map((one): CandidateCluster => ({ ...one, centre: centreOf(one) })),
    live: liveSegments.map((one): KnownSegment => ({ ...one, centre: centreOf(one) })),
    past: pastSegments.map((one): PastSegment => ({ ...one, centre: centreOf(one) })),
    counts: withEmpty(overlap, liveKeys.length),
    newestNumber: Math.max(rest.newestNumber, ...[...known.keys(), ...liveKeys].map(keyNumber)),
    thresholds: rest.thresholds,
  }
}

function scaledSegment(segmentKey: string, known: CataloguedSegment | undefined, model: PublishedModel | null) {
  const cluster = model ? model.segmentKeys.indexOf(segmentKey) : -1
  const one = model?.clusters[cluster]
  return {
    segmentKey,
    ownKey: known?.ownKey ?? null,
    level: one?.level ?? known?.level ?? 0,
    layer: one?.layer ?? known?.layer ?? null,
    parts: one?.parts?.map((part) => model!.segmentKeys[part]!) ?? [],
    scaled: (model && centresOf(model, sizesOf(model))[cluster]) ?? null,
    measures: model?.measures ?? {},
  }
}

/** Only the clusters that customers are in first of all have been counted. */
function sizesOf({ clusters, fittedOn }: PublishedModel): readonly number[] | undefined {
  if (!fittedOn) return undefined
  let next = 0
  return clusters.map(({ level }) => (level === 0 ? (fittedOn.sizes[next++] ?? 0) : 0))
}

function membersIn(segmentKey: string, pastMembers: readonly PastMembers[], clusterCount: number) {
  const members = new Array<number>(clusterCount).fill(0)
  const panelMembers = new Array<number>(clusterCount).fill(0)
  for (const { cluster, customers, panelCustomers } of pastMembers.filter((one) => one.segmentKey === segmentKey)) {
    members[cluster]! += customers
    panelMembers[cluster]! += panelCustomers
  }
  return { members, panelMembers }
}

/** Counts with columns of segments that nobody is in. */
function withEmpty({ clusterCount, publishedKeys, counts }: Overlap, columns: number): Float64Array {
  const known = publishedKeys.length
  const widened = new Float64Array(clusterCount * columns)
  for (let cluster = 0; cluster < clusterCount; cluster++)
    widened.set(counts.subarray(cluster * known, (cluster + 1) * known), cluster * columns)
  return widened
}

/** The scaling of each level and layer: the first that has one, live segments before clusters. */
function scalings(places: readonly Scaled[]): (place: Omit<Scaled, 'scaled'>) => Scaled | undefined {
  const scaled = places.filter((one) => one.scaled !== null)
  return (place) =>
    scaled.find((one) => one.level === place.level && one.layer === place.layer) ??
    scaled.find(({ level }) => level === place.level)
}

function rescale(from: ScaledCentre, ofFrom: Measures, { scaled, measures }: Scaled): readonly number[] | null {
  return rescaleCentre(from, scaled!.features, (name) => sourceOf(name, measures, ofFrom))
}

/** The feature that measures the same: the one of the same name, else the only one. */
function sourceOf(name: string, into: Measures, from: Measures): string | undefined {
  const measure = into[name]
  if (measure === undefined || from[name] === measure) return name
  const alike = Object.keys(from).filter((one) => from[one] === measure)
  return alike.length === 1 ? alike[0] : undefined
}
