import type { ValidationOutput } from '../activities/activities.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { HoldEnd } from '../run/decision.ts'
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

/** Holds the run until it is decided or overtaken, and records how that came; of what is published, the publication itself does. */
export async function waitForDecision(
  run: RunSteps,
  journal: RunJournal,
  approval: Approval,
  plan: RunPlan,
  { validation, byLiveModel }: Doors,
): Promise<HoldEnd> {
  const outcome = byLiveModel && summarize(byLiveModel)
  const { contentDigest: digest } = validation.ref
  approval.park({ digest, byLiveModel: outcome }, plan.definition.pipeline.validate.approval)
  if (!approval.ended) {
    journal.held(digest, outcome)
    await run.record('held')
    await run.tell({ kind: 'held', digest })
  }
  const end = await approval.wait((waited) => run.remind(waited))
  run.holdEnded(end)
  if (end.how === 'superseded') {
    await run.record('superseded')
    await run.tell({ kind: 'superseded', successor: end.by })
  } else if (end.decision.decision === 'reject') {
    await run.record('rejected')
    await run.tell({ kind: 'rejected', decision: end.decision })
  }
  return end
}

function summarize({ ref, verdict, checks, customers, moved, moves, pages }: ValidationOutput): LiveModelOutcome {
  return {
    digest: ref.contentDigest,
    verdict,
    checks: checks.map(toShortCheck),
    customers,
    moved,
    moves,
    pages,
  }
}
