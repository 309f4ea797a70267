import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { PublishedState } from '../ports/ledger.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId } from '../run/run-key.ts'
import { worstOutcome } from '../run/verdict.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { sourcesByRole } from '../stages/extract/config.ts'
import { phrasesOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { allColumns, columnsOf } from '../stages/features/transform.ts'
import { checkGates } from '../stages/validate/check-gates.ts'
import { describeSegments, profileSegments } from '../stages/validate/describe-segments.ts'
import type { DescribedFeature } from '../stages/validate/describe-segments.ts'
import { traceLineage } from '../stages/validate/lineage.ts'
import { matchLabels } from '../stages/validate/match-labels.ts'
import { readOverlap } from '../stages/validate/panel.ts'
import { profileFeature, profileLevels } from '../stages/validate/profile-feature.ts'
import { asComparableModel } from '../stages/validate/published-model.ts'
import type { Measures, PublishedModel } from '../stages/validate/published-model.ts'
import * as sql from '../stages/validate/sql.ts'
import { assertTransitionsConserve, countMoved } from '../stages/validate/transitions.ts'
import type { DataQualityRow, Validation } from '../stages/validate/validation.ts'
import type { Attempt } from './attempt.ts'
import { explainMoves } from './explain-moves.ts'

/** What is compared: the candidate on the worker's disk, and what is live. */
export interface Comparison {
  readonly plan: RunPlan
  readonly state: PublishedState
  /** Digest of `state`, carried in the model. */
  readonly comparedState: string
  readonly measures: Measures
  readonly candidateFiles: readonly string[]
  readonly featureFiles: readonly string[]
  readonly customers: number
  readonly cleanRows: number
  readonly dataQuality: readonly DataQualityRow[]
  readonly model: ClusterModel
}

/** Compares in the session, where tables `live` and `former` are, and leaves the final rows there as table `resolved`. */
export async function compareWithPublished(
  session: ComputeSession,
  services: Services,
  attempt: Attempt,
  comparison: Comparison,
): Promise<Validation> {
  const { plan, state, model, customers, cleanRows } = comparison
  const { validate, publish, segments: given } = plan.definition.pipeline
  const names = allColumns(model.features)
  await session.execute(sql.compilePopulation({ ...comparison, features: names }))
  const overlap = readOverlap(
    model.clusterCount,
    customers,
    await session.rows(sql.COUNT_OVERLAP),
    await session.rows(sql.COUNT_LIVE),
  )
  const usedKeys = state.segments.map(({ segmentKey }) => segmentKey)
  const matches = matchLabels(overlap, validate.minimumOverlap, plan.pipeline, usedKeys)
  const lineage = traceLineage(overlap, matches)
  const retiredKeys = overlap.publishedKeys.filter((key) => !matches.some(({ segmentKey }) => segmentKey === key))
  const live = asComparableModel(state.live?.model ?? null, model, comparison.measures)
  const transitions = await explainMoves(session, services, attempt, {
    matches,
    retiredKeys,
    lineage,
    live,
    pipeline: plan.pipeline,
    holdoutShare: publish.holdoutShare,
  })
  const candidate = Object.fromEntries(matches.map(({ segmentKey }, cluster) => [segmentKey, overlap.sizes[cluster]!]))
  assertTransitionsConserve(transitions, overlap.published, candidate)
  const moved = state.live ? countMoved(transitions) : null
  const profiles = profileSegments(matches, await profileFeatures(session, plan, model))
  const published = Object.fromEntries(state.segments.map(({ segmentKey, name }) => [segmentKey, name]))
  const phrases = phrasesOf(resolveFeatures(plan.definition.pipeline.features))
  const segments = describeSegments(
    matches,
    overlap.sizes,
    profiles,
    { published, given, phrases },
    state.live === null,
  )
  const checks = checkGates(validate, {
    segments,
    customers,
    cleanRows,
    panel: overlap.panel,
    published: state.live && { runId: formatRunId(state.live), cleanRows: state.live.cleanRows, moved: moved! },
  })
  return {
    verdict: worstOutcome(checks.map(({ outcome }) => outcome)),
    checks,
    segments,
    retiredKeys,
    transitions,
    lineage,
    profiles,
    dataQuality: comparison.dataQuality,
    modelSelection: model.candidates,
    customers,
    panel: overlap.panel,
    moved,
    comparedWith: state.live?.publicationId ?? null,
    cleanRows,
    model: {
      ...model,
      segmentKeys: matches.map(({ segmentKey }) => segmentKey),
      comparedState: comparison.comparedState,
      measures: comparison.measures,
    } satisfies PublishedModel,
  }
}

/** One feature at a time, so that memory holds one column of all customers. */
async function profileFeatures(
  session: ComputeSession,
  plan: RunPlan,
  model: ClusterModel,
): Promise<readonly DescribedFeature[]> {
  const currency = currencyOf(plan)
  const described: DescribedFeature[] = []
  for (const feature of model.features.features) {
    const unit = feature.unit === 'money' ? (currency ?? 'money') : feature.unit
    if (feature.kind === 'category') {
      const counts = (await session.rows(sql.compileLevels(feature))).map(sql.readLevelCount)
      described.push(...profileLevels(feature, counts, model.clusterCount))
      continue
    }
    for (const column of columnsOf(feature)) {
      const { columns } = await session.columns(sql.compileFeature(column))
      const [values, clusters] = [columns.feature as Float64Array, columns.cluster as Int32Array]
      described.push({ feature: column, unit, profiles: profileFeature(values, clusters, model.clusterCount) })
    }
  }
  return described
}

/** Of the money in features: what it was converted into, else the one of the sources; null when nothing says. */
export function currencyOf({ definition }: RunPlan): string | null {
  const { extract } = definition.pipeline
  if (extract.currency !== undefined) return extract.currency
  const named = sourcesByRole(extract).flatMap(([, names]) => names)
  return named.map((name) => definition.sources[name]?.currency).find((currency) => currency !== undefined) ?? null
}
