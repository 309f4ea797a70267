import { SYNC_WORKFLOW_TYPE } from '../plan/sync-input.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** Syncs that have not ended. */
export async function countOpenSyncs(access: TemporalAccess): Promise<number> {
  try {
    const { count } = await access.client.workflow.count(
      `WorkflowType = '${SYNC_WORKFLOW_TYPE}' and ExecutionStatus = 'Running'`,
    )
    return count
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
