import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client'
import { DecisionRefused } from '../errors/decision-refused.ts'
import type { Decision } from '../run/decision.ts'
import { decideUpdate } from '../workflows/messages.ts'
import type { TemporalAccess } from './connect.ts'
import { queryAwaited } from './read-run.ts'
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
  const digest = decision.digest ?? (await queryAwaited(access, workflowId))
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
