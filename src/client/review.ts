import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import type { ReviewOutcome } from '../activities/review-activities.ts'
import { ReviewFailed } from '../errors/review-failed.ts'
import { WrongUsage } from '../errors/wrong-usage.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { REVIEW_WORKFLOW_TYPE, type ReviewInput, reviewStartOf } from '../plan/review-input.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'
import { startOrJoin } from './start-or-join.ts'

/** Reviews what is due of a pipeline, or one run, and waits for the end; joins a review that is under way. @throws WrongUsage, ReviewFailed */
export async function reviewPipeline(access: TemporalAccess, input: ReviewInput): Promise<readonly ReviewOutcome[]> {
  checkDefinitionSize(input.definition)
  const workflowId = await startOrJoin(access, REVIEW_WORKFLOW_TYPE, reviewStartOf(input))
  try {
    return await access.client.workflow.getHandle<() => Promise<readonly ReviewOutcome[]>>(workflowId).result()
  } catch (error) {
    if (!(error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure))
      throw explainServerRefusal(error, access)
    const [what, ...remedy] = error.cause.message.split('\n')
    const Failure = error.cause.type === 'WrongUsage' ? WrongUsage : ReviewFailed
    throw new Failure(what!, remedy.join('\n'), { cause: error })
  }
}
