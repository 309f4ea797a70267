import { Context } from '@temporalio/activity'
import type { Definition } from '../plan/definition.ts'
import { checkPayloadSize } from '../plan/payload-size.ts'
import type { Scratch } from '../ports/artifact-store.ts'
import type { Services } from '../ports/services.ts'
import type { StageRows } from '../run/run-status.ts'
import { toActivityFailure } from './failures.ts'
import { measureStage } from './stage-metrics.ts'

/** A cancelled run hears of it in the answer to a heartbeat: seconds, whatever the time-out. */
const LONGEST_BEAT_MS = 2_000

/** One attempt of an activity, as its body sees it. */
export interface Attempt {
  /** The attempt's own folder; removed afterwards. */
  readonly scratchPath: string
  /** Aborted when the run is cancelled, the activity paused or reset, or the worker shuts down. */
  readonly signal: AbortSignal
  /** What the next heartbeats carry. */
  progress(done: number, total?: number): void
  /** Says at once, in a heartbeat, what is awaited. */
  awaits(what: string): void
  /** Milliseconds since the activity was first scheduled, over all its attempts. For waiting, never for digested content. */
  waitedMs(): number
  /** Marks a point for tests of recovery: `before-commit`, `after-commit`. */
  reached(point: string): void
}

/**
 * Wraps the whole body of an activity: heartbeats from the main thread with the latest progress, a scratch folder, cancellation, the
 * size of the result, and the translation of failures. No gap is left uncovered, or healthy work would be taken for dead.
 */
export function attempt<T>(
  services: Services,
  definition: Definition,
  body: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { activityType } = Context.current().info
  return perform(services, () => services.store(definition).openScratch(activityType), body)
}

/** As `attempt`, for what belongs to no pipeline: it has no folder of its own. */
export function attemptForTarget<T>(
  services: Services,
  body: (attempt: Omit<Attempt, 'scratchPath'>) => Promise<T>,
): Promise<T> {
  return perform(services, undefined, body)
}

async function perform<T>(
  services: Services,
  openScratch: (() => Promise<Scratch>) | undefined,
  body: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const context = Context.current()
  const { activityType, heartbeatTimeoutMs } = context.info
  let latest: { done: number; total: number | null; awaits?: string } = { done: 0, total: null }
  const beat = setInterval(
    () => context.heartbeat(latest),
    Math.min(LONGEST_BEAT_MS, heartbeatTimeoutMs ? heartbeatTimeoutMs / 4 : Infinity),
  )
  const reached = (point: string): void => services.reached(`${activityType}:${point}`)
  let scratch: Scratch | undefined
  try {
    scratch = await openScratch?.()
    reached('start')
    const result = await body({
      scratchPath: scratch?.path ?? '',
      signal: context.cancellationSignal,
      progress: (done, total) => {
        latest = { done, total: total ?? null }
      },
      awaits: (what) => {
        latest = { ...latest, awaits: what }
        context.heartbeat(latest)
      },
      waitedMs: () => Date.now() - context.info.scheduledTimestampMs,
      reached,
    })
    checkPayloadSize(result, `The result of ${activityType}`)
    return result
  } catch (error) {
    // A query interrupted by cancellation reports its own error: the cancellation is the truth.
    if (context.cancellationSignal.aborted) await context.cancelled
    throw toActivityFailure(error)
  } finally {
    clearInterval(beat)
    await scratch?.close()
  }
}

/**
 * As `attempt`, for the activity that ends a stage: it says how long it took. The workflow cannot, since a reset repeats the task in which
 * it hears of the activity, however long after.
 */
export async function finishingAttempt<T extends { readonly counts: StageRows }>(
  ...[services, definition, body]: Parameters<typeof attempt<T>>
): Promise<T & { readonly seconds: number }> {
  const begin = performance.now()
  const result = await attempt(services, definition, body)
  const seconds = (performance.now() - begin) / 1000
  measureStage(definition.pipeline.pipeline, seconds, result.counts)
  return { ...result, seconds }
}
