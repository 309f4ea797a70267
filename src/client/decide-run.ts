import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client'
import { DecisionRefused } from '../errors/decision-refused.ts'
import type { Decision } from '../run/decision.ts'
import { decideUpdate } from '../workflows/messages.ts'
import type { TemporalAccess } from './connect.ts'
import { queryAwaited, queryStatus } from './read-run.ts'
import { explainServerRefusal } from './server-refusal.ts'

/**
 * Decides a held run about exactly what it holds now, or about `digest` when the person looked at something before.
 *
 * @throws DecisionRefused when it is not held, was decided, or holds something else
 */
export async function decideRun(
  access: TemporalAccess,
  workflowId: string,
  decision: Omit<Decision, 'digest'> & { readonly digest?: string },
): Promise<void> {
  const digest = decision.digest ?? (await heldDigest(access, workflowId, decision.decision))
  if (digest === null)
    throw new DecisionRefused(
      `Run ${workflowId} waits for no decision, or no worker answers for it.`,
      'See `resegment describe`.',
    )
  try {
    await access.client.workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [{ ...decision, digest }] })
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      throw new DecisionRefused(error.cause.message, 'See `resegment describe` for what it holds.', { cause: error })
    throw explainServerRefusal(error, access)
  }
}

/** What a decision is about now; null when the run waits for none. @throws DecisionRefused */
async function heldDigest(
  access: TemporalAccess,
  workflowId: string,
  decision: Decision['decision'],
): Promise<string | null> {
  const awaited = await queryAwaited(access, workflowId)
  if (decision !== 'useLiveModel' || awaited === null) return awaited
  const byLiveModel = (await queryStatus(access, workflowId))?.byLiveModel
  if (byLiveModel) return byLiveModel.digest
  throw new DecisionRefused(
    `The live model cannot place the customers of ${workflowId}: nothing is live, it knows other features, or it has placed them already.`,
    'Approve or reject the candidate.',
  )
}
