import type { RunPlan } from '../plan/run-plan.ts'
import type { Services } from '../ports/services.ts'
import type { PublishedModel } from '../stages/validate/published-model.ts'
import { scoringModelFrom } from '../stages/validate/scoring-model.ts'
import { measuresOf } from './compared-state.ts'

/**
 * The model that a score run places customers with, as its plan names it; null for a run that fits one.
 *
 * @throws NothingToScoreWith, ConnectionFailed
 */
export async function scoringModelOf(
  services: Pick<Services, 'ledger'>,
  plan: RunPlan,
): Promise<PublishedModel | null> {
  if (plan.kind !== 'score') return null
  const { live, definition, pipeline } = plan
  const kept = live && (await services.ledger(definition).publishedModel(live.publicationId))
  return scoringModelFrom(kept, measuresOf(plan), pipeline)
}
