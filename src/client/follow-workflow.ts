import { setTimeout as pause } from 'node:timers/promises'
import type { Workflow, WorkflowHandle, WorkflowResultType } from '@temporalio/client'
import { readTrouble, type Trouble } from './read-run.ts'

export interface FollowOptions {
  readonly everyMs: number
  /** Called for each look at an attempt that failed. */
  onTrouble(trouble: Trouble): void
  /** Called for each look at a workflow that has not ended. */
  readonly onLook?: () => Promise<void>
  /** Ends the following, and nothing else. */
  readonly signal: AbortSignal
}

/**
 * Looks at a workflow until it has ended.
 *
 * @returns null when the following ended before
 * @throws WorkflowFailedError, and what the server refuses with
 */
export async function followWorkflow<T extends Workflow>(
  handle: WorkflowHandle<T>,
  { everyMs, onTrouble, onLook, signal }: FollowOptions,
): Promise<{ readonly result: WorkflowResultType<T> } | null> {
  while (!signal.aborted) {
    const description = await handle.describe()
    if (description.status.name !== 'RUNNING' && description.status.name !== 'PAUSED')
      return { result: await handle.result() }
    const trouble = readTrouble(description)
    if (trouble) onTrouble(trouble)
    await onLook?.()
    await pause(everyMs, undefined, { signal }).catch(() => undefined)
  }
  return null
}
