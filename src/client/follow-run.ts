import { setTimeout as pause } from 'node:timers/promises'
import { isGrpcDeadlineError } from '@temporalio/client'
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
/** What a poll that could not be cancelled lasts at most: it keeps the process from ending. */
const LONG_POLL_MS = 20_000

/** Yields a run whenever it looks different, the last time when it has ended. A held run is followed on: stop when you see one. */
export async function* followRun(
  access: TemporalAccess,
  workflowId: string,
  { everyMs = DEFAULT_EVERY_MS, signal }: FollowOptions = {},
): AsyncGenerator<RunView, void> {
  let seen = ''
  const listening = new AbortController()
  // Once: a run that was reset has ended and goes on.
  let woken: Promise<unknown> | null = waitForEnd(access, workflowId, listening.signal)
  void woken.then(() => (woken = null))
  try {
    while (!signal?.aborted) {
      const view = await look(access, workflowId)
      const text = JSON.stringify(view)
      if (text !== seen) yield view
      seen = text
      if (view.end) return
      const waited = pause(everyMs, undefined, { signal }).catch(() => undefined)
      await (woken === null ? waited : Promise.race([woken, waited]))
    }
  } finally {
    // Not waited for: the SDK can't cancel a call that it has sent a second time, after the server refused it once.
    listening.abort()
  }
}

/** Wakes the follower up as soon as the run ends. Nothing is told of a server that can't be listened to: it is looked at, too. */
async function waitForEnd({ client }: TemporalAccess, workflowId: string, signal: AbortSignal): Promise<void> {
  const { workflow } = client
  while (!signal.aborted) {
    const listen = (): Promise<unknown> =>
      client.withDeadline(Date.now() + LONG_POLL_MS, () => workflow.getHandle(workflowId).result())
    try {
      await client.withAbortSignal(signal, listen)
      return
    } catch (error) {
      if (!isGrpcDeadlineError(error)) return
    }
  }
}

async function look(access: TemporalAccess, workflowId: string): Promise<RunView> {
  try {
    return await readRun(access, workflowId)
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}
