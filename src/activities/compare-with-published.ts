import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { formatRunId } from '../run/run-key.ts'
import { verdictOf } from '../run/verdict.ts'
import { growingColumns, phrasesOf, resolveFeatures } from '../stages/features/resolve-features.ts'
import { remarksOf } from '../stages/validate/comparison/remarks.ts'
import { measureCompleteness } from '../stages/validate/completeness.ts'
import { summarizeSample } from '../stages/validate/sample-published.ts'
import { describeSegments, keepDescriptions, profileSegments } from '../stages/validate/describe-segments.ts'
import { holdoutOf, type Holdout } from '../stages/validate/holdout-sql.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import { assertTransitionsConserve, countMoved } from '../stages/validate/transitions.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { applyOverrides } from './apply-overrides.ts'
import type { Attempt } from './attempt.ts'
import { carriedModel, fittingRun, kpiOf, type Comparison } from './comparison-inputs.ts'
import { countOutliers } from './count-outliers.ts'
import { explainMoves } from './explain-moves.ts'
import { explainSegments } from './explain-segments.ts'
import { forgetLater } from './forget-later.ts'
import { countOverlap, identifySegments, type IdentifiedSegments } from './identify-segments.ts'
import { judgeCandidate } from './judge-candidate.ts'
import { keepCustomers } from './keep-customers.ts'
import { openLiveSide } from './live-side.ts'
import { measureComparison } from './measure-comparison.ts'
import { profileFeatures } from './profile-features.ts'

/** Compares in the session, where tables `live` and `former` are, and leaves the final rows there as table `resolved`. */
export async function compareWithPublished(
  session: ComputeSession,
  services: Services,
  attempt: Attempt,
  asked: Comparison,
): Promise<Omit<Validation, 'kpis' | 'campaigns' | 'playbook'>> {
  const { comparison, identified } = await identify(session, asked)
  const { plan, state, model, customers, cleanRows, scoredWith, sample } = comparison
  const { segments: given } = plan.definition.pipeline
  const holdout = holdoutOf(plan.definition.pipeline)
  const { matches, lineage, retiredKeys } = identified
  // The model says, before people do.
  const placed = {
    sizes: Array.from(identified.overlap.sizes).filter((_, cluster) => model.clusters[cluster]!.level === 0),
    outliers: await countOutliers(session),
  }
  const keeping = await keepCustomers(session, comparison, matches)
  const kept = { ...comparison, model: keeping.model }
  const { outputs, report, quality } = await applyOverrides(session, kept, identified)
  const isAsPlaced = report === null && keeping.kept === 0
  const overlap = isAsPlaced ? identified.overlap : await countOverlap(session, comparison)
  const live = await openLiveSide(session, comparison)
  const transitions = await explainMoves(session, services, attempt, {
    matches,
    retiredKeys,
    lineage,
    live,
    holdout,
    liveHoldout: liveHoldoutOf(state, holdout),
    asOf: plan.asOf,
    outputs,
  })
  const isPrimary = (cluster: number): boolean => model.clusters[cluster]!.level === 0
  const candidate = Object.fromEntries(
    matches.flatMap(({ segmentKey }, cluster) => (isPrimary(cluster) ? [[segmentKey, overlap.sizes[cluster]!]] : [])),
  ) as Record<string, number>
  assertTransitionsConserve(transitions, overlap.published, candidate)
  const moved = state.live ? countMoved(transitions) : null
  const profiles = profileSegments(matches, await profileFeatures(session, plan, model))
  // The segments of a score run are described as they are published.
  const explained = scoredWith
    ? null
    : await explainSegments(session, services.kernels, { plan, model, signal: attempt.signal })
  const names = Object.fromEntries(state.segments.map(({ segmentKey, name }) => [segmentKey, name]))
  const specs = resolveFeatures(plan.definition.pipeline.features)
  const phrases = phrasesOf(specs)
  const described = describeSegments(
    matches,
    model.clusters.map((cluster, number) => ({
      ...cluster,
      size: overlap.sizes[number]!,
      rule: explained?.rules[number] ?? null,
      stability: model.evidence?.jaccards[number] ?? null,
    })),
    profiles,
    { published: names, given, phrases },
    {
      statuses: Object.fromEntries(state.segments.map(({ segmentKey, status }) => [segmentKey, status])),
      confirms: state.live !== null && Date.parse(state.live.asOf) !== Date.parse(plan.asOf),
    },
  )
  const segments = scoredWith ? keepDescriptions(described, state.segments, given) : described
  const published = state.live && asPublishedModel(state.live.model)
  const fittedOn = scoredWith ? scoredWith.fittedOn : placed
  const fittedBy = scoredWith ? scoredWith.fittedBy : fittingRun(plan)
  const { fittedFiles, liveFeatureFiles } = comparison
  const measured = await measureComparison(session, {
    ...{ model, isKept: scoredWith !== null },
    values: fittedFiles && { before: fittedFiles, now: liveFeatureFiles ?? comparison.featureFiles },
    ...{ overlap, matches, isPrimary, transitions, published, live, customers },
    measures: comparison.measures,
    growing: growingColumns(specs),
    kpi: kpiOf(model),
  })
  const compared = [...measured, ...keeping.measures]
  const completeness = measureCompleteness(profiles, segments)
  const checks = await judgeCandidate(session, comparison, {
    ...{ overlap, segments, placed, fittedOn, completeness, lineage, published, moved },
    measured: compared,
  })
  return {
    verdict: verdictOf(checks),
    checks,
    segments,
    retiredKeys,
    transitions,
    lineage,
    profiles,
    dataQuality: [...comparison.dataQuality, ...quality],
    modelSelection: scoredWith ? [] : model.candidates,
    evidence: scoredWith ? null : (model.evidence ?? null),
    ruleFidelity: explained?.fidelity ?? null,
    outputs,
    customers,
    panel: overlap.panel,
    moved,
    comparedWith: state.live && formatRunId(state.live),
    cleanRows,
    comparison: compared,
    remarks: remarksOf({ problem: live.problem, comparison: compared }),
    canUseLiveModel: live.model !== null && scoredWith === null,
    ...(sample && { sample: summarizeSample(sample, { customers, panel: overlap.panel, moved }) }),
    model: carriedModel(comparison, matches, { overrides: report, fittedOn, fittedBy, completeness }),
  }
}

/** What is live without a model was adopted, by this very definition as far as anybody knows. */
function liveHoldoutOf({ live }: Comparison['state'], holdout: Holdout): Holdout | null {
  if (!live) return null
  const model = asPublishedModel(live.model)
  return model ? (model.holdout ?? null) : holdout
}

async function identify(
  session: ComputeSession,
  comparison: Comparison,
): Promise<{ readonly comparison: Comparison; readonly identified: IdentifiedSegments }> {
  const identified = await identifySegments(session, comparison)
  return comparison.state.past?.isAfter ? forgetLater(session, comparison, identified) : { comparison, identified }
}
