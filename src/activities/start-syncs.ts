import type { Context } from '@temporalio/activity'
import { SYNC_WORKFLOW_TYPE, syncStartOf } from '../plan/sync-input.ts'
import type { Publication } from '../ports/destination.ts'

/** As much of a Temporal client as is asked here. */
export type SyncStarter = Pick<Context['client']['workflow'], 'start'>

/**
 * Starts a sync for each destination of a published run: workflows of their own, that no failure of this one's belongs to. Those that were
 * started before stay as they are, so that publishing may happen twice; what nobody started, the next run's sync tells as well.
 *
 * @param validationUri artifact of stage validate
 */
export async function startSyncs(
  workflows: SyncStarter,
  { definition, runKey, revision }: Publication['plan'],
  validationUri: string,
): Promise<void> {
  for (const destination of Object.keys(definition.pipeline.activate ?? {})) {
    const start = syncStartOf({ definition, runKey, revision, destination, validationUri })
    await workflows
      .start(SYNC_WORKFLOW_TYPE, {
        ...start,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      })
      .catch(ignoreStarted)
  }
}

/** A workflow that was started before stays as it is. @throws any other error */
export function ignoreStarted(error: unknown): void {
  if ((error as { name?: string }).name !== 'WorkflowExecutionAlreadyStartedError') throw error
}
