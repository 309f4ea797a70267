import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import type { ErasureStatus } from '../run/erasure.ts'
import type { TemporalAccess } from './connect.ts'
import { followWorkflow } from './follow-workflow.ts'
import type { Trouble } from './read-run.ts'
import { explainServerRefusal } from './server-refusal.ts'

const EVERY_MS = 500

/** How an erasure ended: null when the following ended before. */
export type ErasureEnd =
  { readonly how: 'completed'; readonly status: ErasureStatus } | { readonly how: 'failed'; readonly message: string }

/** Follows an erasure to its end. @param onTrouble called for each look at an attempt that failed */
export async function followErasure(
  access: TemporalAccess,
  workflowId: string,
  onTrouble: (trouble: Trouble) => void,
  signal: AbortSignal,
): Promise<ErasureEnd | null> {
  const handle = access.client.workflow.getHandle<() => Promise<ErasureStatus>>(workflowId)
  try {
    const end = await followWorkflow(handle, { everyMs: EVERY_MS, onTrouble, signal })
    return end && { how: 'completed', status: end.result }
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw explainServerRefusal(error, access)
    const cause = error.cause?.cause ?? error.cause
    return { how: 'failed', message: (cause instanceof ApplicationFailure ? cause : error).message }
  }
}
