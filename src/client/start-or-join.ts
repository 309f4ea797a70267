import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

type Start = Pick<Parameters<TemporalAccess['client']['workflow']['start']>[1], 'workflowId' | 'taskQueue' | 'args'>

/**
 * Starts a workflow, or attaches to it while it runs. One that has ended starts again.
 *
 * @returns the Workflow Id
 */
export async function startOrJoin<T extends Start>(access: TemporalAccess, type: string, start: T): Promise<string> {
  try {
    await access.client.workflow.start(type, {
      ...start,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    })
    return start.workflowId
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
