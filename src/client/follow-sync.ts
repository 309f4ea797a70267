import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import type { SyncStatus } from '../run/activation.ts'
import type { TemporalAccess } from './connect.ts'
import { followWorkflow } from './follow-workflow.ts'
import type { Trouble } from './read-run.ts'
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
    const end = await followWorkflow(handle, { everyMs: EVERY_MS, onTrouble, signal })
    return end && { how: 'completed', status: end.result }
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw explainServerRefusal(error, access)
    const { cause } = error
    const type = (cause instanceof ApplicationFailure ? cause.type : undefined) ?? 'SyncFailed'
    return { how: 'failed', type, message: cause?.message ?? error.message }
  }
}
