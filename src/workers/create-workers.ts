import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker'
import type { Activities } from '../activities/activities.ts'
import type { SyncActivities } from '../activities/sync-activities.ts'
import type { TaskQueues } from '../plan/target-names.ts'

export interface CreateWorkersOptions {
  readonly connection: NativeConnection
  readonly namespace: string
  readonly taskQueues: TaskQueues
  readonly activities: Activities & Partial<SyncActivities>
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>
  /** Computing activities at once, each with its own engine session and all threads. More need more memory. Default: 1. */
  readonly computeSlots?: number
  /** How long activities may go on after a stop was asked for, before they are cancelled. Default: 5 seconds. */
  readonly shutdownGraceTime?: WorkerOptions['shutdownGraceTime']
}

/** The three workers of a target: orchestration, waiting on others, computing. */
export async function createWorkers(options: CreateWorkersOptions): Promise<readonly Worker[]> {
  const { connection, namespace, taskQueues, activities, workflowBundle } = options
  const base = {
    connection,
    namespace,
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
      // After a worker died, its runs wait this long for it: histories are short, so that another one soon has caught up.
      stickyQueueScheduleToStartTimeout: '2 seconds',
    }),
    Worker.create({ ...base, taskQueue: taskQueues.io, activities }),
    Worker.create({
      ...base,
      taskQueue: taskQueues.compute,
      activities,
      maxConcurrentActivityTaskExecutions: options.computeSlots ?? 1,
    }),
  ])
}
