import type { RunPlan } from '../plan/run-plan.ts'
import type { ArtifactStore } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { RefitPolicy } from '../run/refit-policy.ts'
import { asPublishedModel } from '../stages/validate/published-model.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { scoringModelFrom } from '../stages/validate/scoring-model.ts'
import type { Validation } from '../stages/validate/validation.ts'
import { measuresOf } from './compared-state.ts'
import { readDocument } from './read-document.ts'

export function refitPolicyOf({ options, definition }: Pick<RunPlan, 'options' | 'definition'>): RefitPolicy {
  return options.refit ?? definition.pipeline.cluster.refit
}

/**
 * The live model, where the plan of a run says before anything is read that it places everybody: in score runs, and in runs of pipelines
 * that never refit. Null for a run that fits one, or has to look first.
 *
 * @throws NothingToScoreWith, ConnectionFailed
 */
export async function scoringModelOf(
  services: Pick<Services, 'ledger' | 'store'>,
  plan: RunPlan,
): Promise<PublishedModel | null> {
  if (plan.verifies?.erased) return recordedModel(services.store(plan.definition), plan.verifies.validationUri)
  const isScore = plan.kind === 'score'
  if (!isScore && refitPolicyOf(plan) !== 'never') return null
  const kept = await liveModel(services, plan)
  if (isScore) return scoringModelFrom(kept, measuresOf(plan), plan.pipeline)
  // There is nothing to go on with, so that the first run of such a pipeline fits.
  if (asPublishedModel(kept) === null) return null
  return scoringModelFrom(kept, measuresOf(plan), plan.pipeline, `resegment run ${plan.pipeline} --refit always`)
}

/** What a finished run was placed with, of customers some of whom are erased: fitted again, it would be another one. */
async function recordedModel(store: ArtifactStore, uri: string): Promise<PublishedModel> {
  const { files } = (await store.readManifest(uri, 'manifest'))!
  return (await readDocument<Validation>(store, uri, files, 'validation')).model as PublishedModel
}

/** What the publication that the plan names carries as its model; null: nothing is published. */
export async function liveModel(services: Pick<Services, 'ledger'>, { live, definition }: RunPlan): Promise<unknown> {
  return live && services.ledger(definition).publishedModel(live.publicationId)
}
