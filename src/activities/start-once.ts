import type { Context } from '@temporalio/activity'

/** As much of a Temporal client as is asked here. */
export type WorkflowStarter = Pick<Context['client']['workflow'], 'start'>

type Start = Pick<Parameters<WorkflowStarter['start']>[1], 'workflowId' | 'taskQueue' | 'args'>

/**
 * Starts a workflow unless one of its Id was started before, also when that has ended: it stays as it is.
 *
 * @param reuse when it may start again after all. Default: never
 */
export async function startOnce<T extends Start>(
  workflows: WorkflowStarter,
  type: string,
  start: T,
  reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' = 'REJECT_DUPLICATE',
): Promise<void> {
  await workflows
    .start(type, { ...start, workflowIdReusePolicy: reuse, workflowIdConflictPolicy: 'FAIL' })
    .catch((error: unknown) => {
      if ((error as { name?: string }).name !== 'WorkflowExecutionAlreadyStartedError') throw error
    })
}
