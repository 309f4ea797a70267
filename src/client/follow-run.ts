import { setTimeout as pause } from 'node:timers/promises'
import type { TemporalAccess } from './connect.ts'
import { readRun, type RunView } from './read-run.ts'
import { explainServerRefusal } from './server-refusal.ts'

export interface FollowOptions {
  /** Between two looks. Default: 250 milliseconds. */
  readonly everyMs?: number
  /** Aborting ends the following, not the run. */
  readonly signal?: AbortSignal
}

const DEFAULT_EVERY_MS = 250

/** Yields a run whenever it looks different, the last time when it has ended. A held run is followed on: stop when you see one. */
export async function* followRun(
  access: TemporalAccess,
  workflowId: string,
  { everyMs = DEFAULT_EVERY_MS, signal }: FollowOptions = {},
): AsyncGenerator<RunView, void> {
  let seen = ''
  // Not a look at the history: only wakes us up when the run ends. Left open, its long poll would outlive the connection.
  const listening = new AbortController()
  const ended = access.client
    .withAbortSignal(listening.signal, () => access.client.workflow.getHandle(workflowId).result())
    .then(
      () => undefined,
      () => undefined,
    )
  try {
    while (!signal?.aborted) {
      const view = await look(access, workflowId)
      const text = JSON.stringify(view)
      if (text !== seen) yield view
      seen = text
      if (view.end) return
      await Promise.race([ended, pause(everyMs, undefined, { signal }).catch(() => undefined)])
    }
  } finally {
    listening.abort()
    await ended
  }
}

async function look(access: TemporalAccess, workflowId: string): Promise<RunView> {
  try {
    return await readRun(access, workflowId)
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
