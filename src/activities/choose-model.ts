import { fitSettingsOf } from '../plan/fit-settings.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { ComputeSession } from '../ports/compute-engine.ts'
import type { Services } from '../ports/services.ts'
import { asClusterModel } from '../stages/cluster/model.ts'
import type { ClusterModel } from '../stages/cluster/model.ts'
import { fittedCounts } from '../stages/features/count-values.ts'
import { growingColumns, resolveFeatures } from '../stages/features/resolve-features.ts'
import type { FittedTransforms } from '../stages/features/transform.ts'
import { decideByDrift, keepModel, mustRefit } from '../stages/validate/decide-refit.ts'
import type { RefitDecision } from '../stages/validate/decide-refit.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import { withoutPublication } from '../stages/validate/scoring-model.ts'
import type { Attempt } from './attempt.ts'
import { measureDrift } from './measure-drift.ts'
import { fitOrFallBack } from './methods/fit-or-fall-back.ts'
import { liveModel, refitPolicyOf, scoringModelOf } from './scoring-model.ts'

export interface ChosenModel {
  readonly model: ClusterModel
  /** Null: there was nothing to decide, the run always refits or never does. */
  readonly refit: RefitDecision | null
}

/** Everybody with features, where a model may be fitted or looked at. */
export interface AllCustomers {
  readonly session: ComputeSession
  readonly relation: string
  readonly customerCount: number
  readonly historyDays: number | null
  /** Of these customers. */
  readonly features: FittedTransforms
}

/**
 * The model that the customers of a run are placed with: the live one, or one that is fitted to them.
 *
 * @param open the customers; not asked for where the plan alone decides
 */
export async function chooseModel(
  services: Services,
  plan: RunPlan,
  attempt: Attempt,
  open: <T>(body: (customers: AllCustomers) => Promise<T>) => Promise<T>,
): Promise<ChosenModel> {
  const { cluster } = plan.definition.pipeline
  const settings = fitSettingsOf(plan.definition.pipeline)
  const scored = await scoringModelOf(services, plan)
  if (scored)
    return { model: withoutPublication(scored), refit: plan.kind === 'score' ? null : keepModel(scored, settings) }
  const policy = refitPolicyOf(plan)
  const kept = await liveModel(services, plan)
  return open(async (customers) => {
    const refit = policy === 'always' ? null : await decide(customers)
    if (refit && !refit.isRefit) return { model: withoutPublication(asPublishedModel(kept)!), refit }
    const live = kept ? asClusterModel(kept) : null
    const model = await fitOrFallBack(cluster, { ...customers, plan, live, kernels: services.kernels, attempt })
    return { model, refit }
  })

  async function decide({ session, features, ...customers }: AllCustomers): Promise<RefitDecision> {
    const live = asPublishedModel(kept)
    const knowsValues = live?.features.features.every((feature) => fittedCounts(feature) !== null) ?? false
    const reason = mustRefit(kept ? { model: live, knowsValues } : null, settings, features)
    if (reason) return reason
    const { progress, signal } = attempt
    const growing = growingColumns(resolveFeatures(plan.definition.pipeline.features))
    const tools = { progress, signal, kernels: services.kernels }
    const drift = await measureDrift(session, customers, live!, tools, growing)
    return decideByDrift(live!, drift, cluster.drift)
  }
}
