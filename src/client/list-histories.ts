import { WorkflowNotFoundError } from '@temporalio/client'
import { taskQueuesOf } from '../plan/target-names.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

type History = Awaited<ReturnType<ReturnType<TemporalAccess['client']['workflow']['getHandle']>['fetchHistory']>>

/** What one workflow has done so far, as Temporal keeps it: payloads may be encrypted. */
export interface KeptHistory {
  readonly workflowId: string
  readonly history: History
}

/**
 * Histories of a target's workflows of every kind: those that are open, and those that ended no earlier than `since`, which a reset would
 * replay too. A workflow that no worker has begun has nothing to replay and is left out.
 *
 * @param since an ISO instant
 */
export async function* listHistories(
  access: TemporalAccess,
  targetName: string,
  since: string,
): AsyncGenerator<KeptHistory> {
  const { client } = access
  const query = `TaskQueue = "${taskQueuesOf(targetName).workflow}" AND (ExecutionStatus = "Running" OR CloseTime >= "${since}")`
  try {
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory().catch(orExpired)
      if (history?.events?.some((event) => event.workflowTaskCompletedEventAttributes)) yield { workflowId, history }
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

/** Retention may end a history between the list and the look at it. */
function orExpired(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error
}
