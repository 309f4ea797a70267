import { ApplicationFailure, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client'
import type { PendingActivity } from '../run/pending-activity.ts'
import type { RunStatus } from '../run/run-status.ts'
import { runVersion } from '../plan/run-version.ts'
import { type MissingWorkers, missingWorkers, queuesWithout, type RunVersion } from '../run/worker-version.ts'
import { awaitedQuery, statusQuery } from '../workflows/messages.ts'
import type { StageFailure } from '../workflows/stage-failure.ts'
import type { TemporalAccess } from './connect.ts'
import { describeQueue } from './describe-queue.ts'
import { pendingActivities } from './pending-activities.ts'

const QUERY_TIMEOUT_MS = 5_000

/** A stage that is waiting for its next attempt. */
export interface Trouble {
  readonly activityId: string
  readonly attempt: number
  /** Error class of the last attempt's failure: `ConnectionFailed`. */
  readonly type: string
  readonly message: string
}

/** How a run ended. */
export type RunEnd =
  | { readonly how: 'completed' }
  | { readonly how: 'failed'; readonly message: string; readonly failure: StageFailure | null }
  | { readonly how: 'cancelled' | 'terminated' | 'timed-out' }

export interface RunView {
  readonly workflowId: string
  readonly temporalRunId: string
  /** Null when no worker answers. */
  readonly status: RunStatus | null
  readonly trouble: Trouble | null
  /** What it waits for now; nothing when it has ended. */
  readonly pending: readonly PendingActivity[]
  /** Null: workers without a version work on it. */
  readonly version: RunVersion | null
  /** Workers that it waits for, since none of them polls; Temporal takes five minutes to notice that one has gone. */
  readonly missing: readonly MissingWorkers[]
  /** Null while it runs or is held. */
  readonly end: RunEnd | null
  /** Digest that `decide` wants, while the run is held. */
  readonly heldDigest: string | null
}

/** Looks at a run once. */
export async function readRun(access: TemporalAccess, workflowId: string): Promise<RunView> {
  const handle = access.client.workflow.getHandle(workflowId)
  const description = await handle.describe()
  const temporalRunId = description.runId
  const view = {
    workflowId,
    temporalRunId,
    trouble: null,
    pending: [],
    version: runVersion(description),
    missing: [],
    heldDigest: null,
  }
  const completed = (status: RunStatus): RunView => ({ ...view, status, end: { how: 'completed' } })
  switch (description.status.name) {
    case 'COMPLETED':
      return completed((await handle.result()) as RunStatus)
    case 'FAILED':
      return { ...view, ...(await readFailure(access, workflowId)) }
    case 'CANCELLED':
      return { ...view, status: await queryStatus(access, workflowId), end: { how: 'cancelled' } }
    case 'TERMINATED':
      return { ...view, status: await queryStatus(access, workflowId), end: { how: 'terminated' } }
    case 'TIMED_OUT':
      return { ...view, status: null, end: { how: 'timed-out' } }
    default: {
      const status = await queryStatus(access, workflowId)
      const heldDigest = status?.status === 'held' ? await queryAwaited(access, workflowId) : null
      return {
        ...view,
        status,
        missing: status === null ? await missingOf(access, description.taskQueue, view.version) : [],
        trouble: readTrouble(description),
        pending: pendingActivities(description),
        end: null,
        heldDigest,
      }
    }
  }
}

/** A pinned run waits for its own version; of another one any may be asked whom new runs go to, and each that is missing is told. */
async function missingOf(
  access: TemporalAccess,
  queue: string,
  version: RunVersion | null,
): Promise<readonly MissingWorkers[]> {
  const routing = await describeQueue(access, queue)
  if (!version?.isPinned) return missingWorkers(routing)
  const { deployment, buildId } = version
  const isPolled = routing.pollers.length > 0
  return queuesWithout(version, [routing]).map(() => ({ queue, version: { deployment, buildId }, isPolled }))
}

async function readFailure(access: TemporalAccess, workflowId: string): Promise<Pick<RunView, 'status' | 'end'>> {
  try {
    await access.client.workflow.getHandle(workflowId).result()
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error
    const { cause } = error
    const [failure, status] = (cause instanceof ApplicationFailure ? (cause.details ?? []) : []) as [
      StageFailure?,
      RunStatus?,
    ]
    const message = cause?.message ?? error.message
    return { status: status ?? null, end: { how: 'failed', message, failure: failure ?? null } }
  }
  // It was reset between two looks.
  return { status: null, end: null }
}

export function queryStatus(access: TemporalAccess, workflowId: string): Promise<RunStatus | null> {
  return orNull(access, () => access.client.workflow.getHandle(workflowId).query(statusQuery))
}

export function queryAwaited(access: TemporalAccess, workflowId: string): Promise<string | null> {
  return orNull(access, () => access.client.workflow.getHandle(workflowId).query(awaitedQuery))
}

/** A query needs a worker; where none answers there is nothing to show yet. */
async function orNull<T>({ connection }: TemporalAccess, query: () => Promise<T>): Promise<T | null> {
  try {
    return await connection.withDeadline(Date.now() + QUERY_TIMEOUT_MS, query)
  } catch {
    return null
  }
}

/** The activity whose last attempt failed, if there is one. */
export function readTrouble(description: WorkflowExecutionDescription): Trouble | null {
  const failing = pendingActivities(description).find(({ failure }) => failure !== null)
  return failing ? { activityId: failing.activityId, attempt: failing.attempt, ...failing.failure! } : null
}
