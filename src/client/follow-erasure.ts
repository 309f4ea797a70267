import { setTimeout as pause } from 'node:timers/promises'
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import type { ErasureStatus } from '../run/erasure.ts'
import type { TemporalAccess } from './connect.ts'
import { readTrouble, type Trouble } from './read-run.ts'
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
    const cause = error.cause?.cause ?? error.cause
    return { how: 'failed', message: (cause instanceof ApplicationFailure ? cause : error).message }
  }
}
