import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client'
import { ERASURE_WORKFLOW_TYPE, erasureStartOf, type ErasureInput } from '../plan/erasure-input.ts'
import type { TemporalAccess } from './connect.ts'
import { explainServerRefusal } from './server-refusal.ts'

/**
 * Starts an erasure, or attaches to it while it runs.
 *
 * @returns the Workflow Id
 */
export async function startErasure(access: TemporalAccess, input: ErasureInput): Promise<string> {
  const start = erasureStartOf(input)
  try {
    await access.client.workflow.start(ERASURE_WORKFLOW_TYPE, {
      ...start,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    })
    return start.workflowId
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
