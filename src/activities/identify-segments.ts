import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { traceLineage } from '../stages/validate/lineage.ts'
import { keepLabels, matchLabels, type LabelMatch } from '../stages/validate/match-labels.ts'
import { readOverlap, type AlsoOverlap, type Overlap } from '../stages/validate/panel.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { ALSO_KEYS, compileAlsoOverlap, compilePopulation, COUNT_LIVE, COUNT_OVERLAP } from '../stages/validate/sql.ts'
import type { LineageEdge } from '../stages/validate/validation.ts'

/** Clusters of the candidate and segments that are live. */
export interface ComparedSegments {
  readonly plan: RunPlan
  readonly state: PublishedState
  readonly candidateFiles: readonly string[]
  readonly featureFiles: readonly string[]
  readonly customers: number
  readonly model: ClusterModel
  /** The live model, when it is the one that placed everybody: its clusters are the live segments. */
  readonly scoredWith: PublishedModel | null
}

export interface IdentifiedSegments {
  readonly overlap: Overlap
  /** One a cluster, by its number. */
  readonly matches: readonly LabelMatch[]
  readonly lineage: readonly LineageEdge[]
  /** Live keys that no cluster goes on with. */
  readonly retiredKeys: readonly string[]
}

/** One look for each kind of further membership. */
async function countAlso(session: ComputeSession, { also, clusters }: ClusterModel): Promise<AlsoOverlap> {
  const rows: Readonly<Record<string, unknown>>[] = []
  for (const [i, { layer }] of also.entries()) rows.push(...(await session.rows(compileAlsoOverlap(i + 1, layer))))
  const keys = (await session.rows(ALSO_KEYS)).map((row) => String(row.segment_key))
  return { rows, keys, isUpper: (cluster) => clusters[cluster]!.level > 0 }
}

/** Counts who of table `population` is where, and was where. */
export async function countOverlap(
  session: ComputeSession,
  { model, customers }: Pick<ComparedSegments, 'model' | 'customers'>,
): Promise<Overlap> {
  return readOverlap(
    model.clusterCount,
    customers,
    await session.rows(COUNT_OVERLAP),
    await session.rows(COUNT_LIVE),
    await countAlso(session, model),
  )
}

/** Makes table `population` and finds which cluster goes on with which live segment. */
export async function identifySegments(
  session: ComputeSession,
  compared: ComparedSegments,
): Promise<IdentifiedSegments> {
  const { plan, state, model, scoredWith } = compared
  await session.execute(compilePopulation(compared))
  const overlap = await countOverlap(session, compared)
  const usedKeys = state.segments.map(({ segmentKey }) => segmentKey)
  const { minimumOverlap } = plan.definition.pipeline.validate
  const own = {
    ofClusters: model.clusters.map(({ ownKey }) => ownKey),
    ofSegments: Object.fromEntries(
      state.segments.flatMap(({ ownKey, segmentKey }) => (ownKey === null ? [] : [[ownKey, segmentKey]])),
    ) as Record<string, string>,
  }
  const matches = scoredWith
    ? keepLabels(overlap, scoredWith.segmentKeys)
    : matchLabels(overlap, minimumOverlap, plan.pipeline, usedKeys, own)
  const retiredKeys = overlap.publishedKeys.filter((key) => !matches.some(({ segmentKey }) => segmentKey === key))
  const lineage = traceLineage(overlap, matches)
  // A segment that nobody was in has not come back: it was there.
  return { overlap, matches, lineage: scoredWith ? lineage.filter(isSurvival) : lineage, retiredKeys }
}

function isSurvival({ kind }: LineageEdge): boolean {
  return kind === 'survived'
}
