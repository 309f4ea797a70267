import { setTimeout as pause } from 'node:timers/promises'
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import type { SyncStatus } from '../run/activation.ts'
import type { TemporalAccess } from './connect.ts'
import { readTrouble, type Trouble } from './read-run.ts'
import { explainServerRefusal } from './server-refusal.ts'

const EVERY_MS = 250

/** How a sync ended: null when the following ended before. */
export type SyncEnd =
  | { readonly how: 'completed'; readonly status: SyncStatus }
  | { readonly how: 'failed'; readonly type: string; readonly message: string }

/** Follows a sync to its end. @param onTrouble called for each look at an attempt that failed */
export async function followSync(
  access: TemporalAccess,
  workflowId: string,
  onTrouble: (trouble: Trouble) => void,
  signal: AbortSignal,
): Promise<SyncEnd | null> {
  const handle = access.client.workflow.getHandle<() => Promise<SyncStatus>>(workflowId)
  try {
    while (!signal.aborted) {
      const description = await handle.describe()
      if (description.status.name !== 'RUNNING' && description.status.name !== 'PAUSED')
        return { how: 'completed', status: await handle.result() }
      const trouble = readTrouble(description)
      if (trouble) onTrouble(trouble)
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
    return null
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw explainServerRefusal(error, access)
    const { cause } = error
    const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? 'SyncFailed'
    return { how: 'failed', type, message: cause?.message ?? error.message }
  }
}
