import { SYNC_WORKFLOW_TYPE, syncStartOf } from '../plan/sync-input.ts'
import type { Publication } from '../ports/destination.ts'
import { startOnce, type WorkflowStarter } from './start-once.ts'

/**
 * Starts a sync for each destination of a published run: workflows of their own, that no failure of this one's belongs to. Those that were
 * started before stay as they are, so that publishing may happen twice; what nobody started, the next run's sync tells as well.
 *
 * @param validationUri artifact of stage validate
 */
export async function startSyncs(
  workflows: WorkflowStarter,
  { definition, runKey, revision }: Publication['plan'],
  validationUri: string,
): Promise<void> {
  for (const destination of Object.keys(definition.pipeline.activate ?? {})) {
    const input = { definition, runKey, revision, destination, validationUri }
    await startOnce(workflows, SYNC_WORKFLOW_TYPE, syncStartOf(input))
  }
}
