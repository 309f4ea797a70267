import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { allColumns } from '../stages/features/transform.ts'
import { traceLineage } from '../stages/validate/lineage.ts'
import { matchLabels, type LabelMatch } from '../stages/validate/match-labels.ts'
import { readOverlap, type Overlap } from '../stages/validate/panel.ts'
import { compilePopulation, COUNT_LIVE, COUNT_OVERLAP } from '../stages/validate/sql.ts'
import type { LineageEdge } from '../stages/validate/validation.ts'

/** Clusters of the candidate and segments that are live. */
export interface ComparedSegments {
  readonly plan: RunPlan
  readonly state: PublishedState
  readonly candidateFiles: readonly string[]
  readonly featureFiles: readonly string[]
  readonly customers: number
  readonly model: ClusterModel
}

export interface IdentifiedSegments {
  readonly overlap: Overlap
  /** One a cluster, by its number. */
  readonly matches: readonly LabelMatch[]
  readonly lineage: readonly LineageEdge[]
  /** Live keys that no cluster goes on with. */
  readonly retiredKeys: readonly string[]
}

/** Makes table `population` and finds which cluster goes on with which live segment. */
export async function identifySegments(
  session: ComputeSession,
  compared: ComparedSegments,
): Promise<IdentifiedSegments> {
  const { plan, state, model, customers } = compared
  const features = allColumns(model.features)
  await session.execute(compilePopulation({ ...compared, features }))
  const overlap = readOverlap(
    model.clusterCount,
    customers,
    await session.rows(COUNT_OVERLAP),
    await session.rows(COUNT_LIVE),
  )
  const usedKeys = state.segments.map(({ segmentKey }) => segmentKey)
  const { minimumOverlap } = plan.definition.pipeline.validate
  const matches = matchLabels(overlap, minimumOverlap, plan.pipeline, usedKeys)
  const retiredKeys = overlap.publishedKeys.filter((key) => !matches.some(({ segmentKey }) => segmentKey === key))
  return { overlap, matches, lineage: traceLineage(overlap, matches), retiredKeys }
}
