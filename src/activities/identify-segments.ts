import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { LineageEdge } from '../run/lineage.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import type { LabelMatch } from '../stages/validate/identity/identities.ts'
import { identifyClusters } from '../stages/validate/identity/identify-clusters.ts'
import { keepLabels } from '../stages/validate/identity/keep-labels.ts'
import { traceLineage } from '../stages/validate/identity/trace-lineage.ts'
import { COUNT_PAST } from '../stages/validate/past-members-sql.ts'
import { readOverlap, type AlsoOverlap, type Overlap } from '../stages/validate/panel.ts'
import { asPublishedModel, type Measures, type PublishedModel } from '../stages/validate/published-model.ts'
import { ALSO_KEYS, compileAlsoOverlap, compilePopulation, COUNT_LIVE, COUNT_OVERLAP } from '../stages/validate/sql.ts'
import { identityInput, type PastMembers } from './identity-input.ts'

/** Clusters of the candidate and segments that are live. */
export interface ComparedSegments {
  readonly plan: RunPlan
  readonly state: PublishedState
  readonly candidateFiles: readonly string[]
  readonly featureFiles: readonly string[]
  readonly customers: number
  readonly model: ClusterModel
  readonly measures: Measures
  /** The live model, when it is the one that placed everybody: its clusters are the live segments. */
  readonly scoredWith: PublishedModel | null
  /** Models of publications, of those that retired segments were in last. */
  readonly pastModels: ReadonlyMap<number, PublishedModel>
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

async function countPast(session: ComputeSession): Promise<readonly PastMembers[]> {
  return (await session.rows(COUNT_PAST)).map((row) => ({
    segmentKey: String(row.segment_key),
    cluster: Number(row.cluster),
    customers: Number(row.customers),
    panelCustomers: Number(row.panel_customers),
  }))
}

/** Makes table `population` and finds which cluster goes on with which segment. */
export async function identifySegments(
  session: ComputeSession,
  compared: ComparedSegments,
): Promise<IdentifiedSegments> {
  const { plan, state, model, measures, scoredWith, pastModels } = compared
  await session.execute(compilePopulation(compared))
  const overlap = await countOverlap(session, compared)
  const input = identityInput({
    ...{ pipeline: plan.pipeline, model, measures, overlap },
    live: asPublishedModel(state.live?.model ?? null),
    catalogue: state.segments.map(({ lastPublicationId, ...segment }) => ({
      ...segment,
      lastModel: (lastPublicationId === null ? null : pastModels.get(lastPublicationId)) ?? null,
    })),
    pastMembers: await countPast(session),
    newestNumber: state.newestNumber,
    thresholds: plan.definition.pipeline.validate.identity,
  })
  const matches = scoredWith ? keepLabels(overlap, scoredWith.segmentKeys) : identifyClusters(input)
  const retiredKeys = overlap.publishedKeys.filter((key) => !matches.some(({ segmentKey }) => segmentKey === key))
  const lineage = traceLineage(input, matches)
  // A segment that nobody was in has not come back: it was there.
  return { overlap, matches, lineage: scoredWith ? lineage.filter(isSurvival) : lineage, retiredKeys }
}

function isSurvival({ kind }: LineageEdge): boolean {
  return kind === 'survived'
}
