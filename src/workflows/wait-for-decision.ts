import type { ValidationOutput } from '../activities/activities.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Decision } from '../run/decision.ts'
import type { LiveModelOutcome } from '../run/run-status.ts'
import { toShortCheck } from '../run/verdict.ts'
import type { Approval } from './approval.ts'
import type { RunJournal } from './run-journal.ts'
import type { RunSteps } from './run-steps.ts'

/** What a person chooses between. */
export interface Doors {
  readonly validation: ValidationOutput
  /** The customers as the live model places them; null: it can't. */
  readonly byLiveModel: ValidationOutput | null
}

/** Holds the run until it is decided, and records what was decided; of what is published, the publication itself does. */
export async function waitForDecision(
  run: RunSteps,
  journal: RunJournal,
  approval: Approval,
  plan: RunPlan,
  { validation, byLiveModel }: Doors,
): Promise<Decision> {
  const outcome = byLiveModel && summarize(byLiveModel)
  approval.park(
    { digest: validation.ref.contentDigest, byLiveModel: outcome },
    plan.definition.pipeline.validate.approval,
  )
  journal.held(validation.ref.contentDigest, outcome)
  await run.record('held')
  const decided = await approval.wait()
  run.decided(decided)
  if (decided.decision === 'reject') await run.record('rejected')
  return decided
}

function summarize({ ref, verdict, checks, customers, moved, moves }: ValidationOutput): LiveModelOutcome {
  return {
    digest: ref.contentDigest,
    verdict,
    checks: checks.map(toShortCheck),
    customers,
    moved,
    moves,
  }
}
