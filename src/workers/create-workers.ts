import type { PayloadCodec } from '@temporalio/common'
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker'
import type { Activities } from '../activities/activities.ts'
import type { SyncActivities } from '../activities/sync-activities.ts'
import type { TaskQueues } from '../plan/target-names.ts'
import type { WorkerVersion } from '../run/worker-version.ts'
import type { ComputeGate } from './compute-gate.ts'
import { versionedBundle } from './versioned-bundle.ts'

export interface CreateWorkersOptions {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly taskQueues: TaskQueues
  readonly activities: Activities & Partial<SyncActivities>
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>
  /** What arguments and results go through. Default: nothing. */
  readonly payloadCodecs?: PayloadCodec[]
  /** Computing activities at once, each with its own engine session and all threads. More need more memory. */
  readonly computeGate: ComputeGate
  /** Which runs Temporal gives them: docs/decisions/0018-versions-of-workers.md. Default: all, they have no version. */
  readonly version?: WorkerVersion
  /** How long activities may go on after a stop was asked for, before they are cancelled. Default: 5 seconds. */
  readonly shutdownGraceTime?: WorkerOptions['shutdownGraceTime']
  /** Workflows that are kept in memory between their tasks; with 0 each task is a replay. Default: as many as the SDK has room for. */
  readonly maxCachedWorkflows?: WorkerOptions['maxCachedWorkflows']
}

const none = { type: 'fixed-size', numSlots: 1 } as const

/** The three workers of a target: orchestration, waiting on others, computing. */
export async function createWorkers(
  options: CreateWorkersOptions,
): Promise<readonly [workflow: Worker, io: Worker, compute: Worker]> {
  const { connection, namespace, taskQueues, activities, version } = options
  const workflowBundle = version ? await versionedBundle(options.workflowBundle) : options.workflowBundle
  const base = {
    connection,
    namespace,
    dataConverter: { payloadCodecs: options.payloadCodecs ?? [] },
    // All three: the activities of a pinned run go to its version where that serves their queue, and to the current one where it doesn't.
    ...(version && { workerDeploymentOptions: deploymentOptions(version) }),
    shutdownGraceTime: options.shutdownGraceTime ?? '5 seconds',
    // Without it a worker whose activity ignores cancellation never ends.
    shutdownForceTime: '20 seconds',
    // Details reach the server at most this late: what a retried attempt or an operator sees of the last one.
    maxHeartbeatThrottleInterval: '5 seconds',
    defaultHeartbeatThrottleInterval: '5 seconds',
  } satisfies Partial<WorkerOptions>
  return Promise.all([
    Worker.create({
      ...base,
      taskQueue: taskQueues.workflow,
      workflowBundle,
      ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
      // After a worker died, its runs wait this long for it: histories are short, so that another one soon has caught up.
      stickyQueueScheduleToStartTimeout: '2 seconds',
    }),
    Worker.create({ ...base, taskQueue: taskQueues.io, activities }),
    Worker.create({
      ...base,
      taskQueue: taskQueues.compute,
      activities,
      tuner: {
        activityTaskSlotSupplier: options.computeGate.supplier,
        // Nothing of these comes from this queue.
        workflowTaskSlotSupplier: none,
        localActivityTaskSlotSupplier: none,
        nexusTaskSlotSupplier: none,
      },
    }),
  ])
}

function deploymentOptions({
  deployment,
  buildId,
}: WorkerVersion): NonNullable<WorkerOptions['workerDeploymentOptions']> {
  return {
    version: { deploymentName: deployment, buildId },
    useWorkerVersioning: true,
    // Of a workflow type that says nothing itself, which none should: a run that stays is slow to go, and breaks nothing.
    defaultVersioningBehavior: 'PINNED',
  }
}
