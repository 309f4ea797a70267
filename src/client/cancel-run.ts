import { randomUUID } from 'node:crypto'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** Who does something to a run, and why: Temporal keeps both, and so does view `run_events`. */
export interface Act {
  readonly by: string
  readonly reason: string
}

/** Asks a run to stop; it records itself as cancelled. A run that has ended stays as it is. */
export async function cancelRun(access: TemporalAccess, workflowId: string, { by, reason }: Act): Promise<void> {
  const { client, namespace } = access
  try {
    await client.workflowService.requestCancelWorkflowExecution({
      namespace,
      workflowExecution: { workflowId },
      requestId: randomUUID(),
      identity: by,
      reason,
    })
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
