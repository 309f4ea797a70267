import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** Asks a run to stop; it records itself as cancelled. A run that has ended stays as it is. */
export async function cancelRun(access: TemporalAccess, workflowId: string): Promise<void> {
  try {
    await access.client.workflow.getHandle(workflowId).cancel()
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
