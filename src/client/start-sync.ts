import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { SYNC_WORKFLOW_TYPE, type SyncInput, syncStartOf } from '../plan/sync-input.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/**
 * Starts a sync, or attaches to it while it runs. One that has ended starts again, and sends what is still pending.
 *
 * @returns the Workflow Id
 */
export async function startSync(access: TemporalAccess, input: SyncInput): Promise<string> {
  checkDefinitionSize(input.definition)
  const start = syncStartOf(input)
  try {
    await access.client.workflow.start(SYNC_WORKFLOW_TYPE, {
      ...start,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    })
    return start.workflowId
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
