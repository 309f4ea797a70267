import { setTimeout as sleep } from 'node:timers/promises'
import { connectTemporal } from '../../src/client/connect.ts'
import type { OwnTemporal } from './own-temporal.ts'
import type { TestProject, WorkerProcess } from './project.ts'
import { publishedContent } from './published-content.ts'
import { openShop, type ShopOptions } from './shop.ts'

const AS_OF = '2026-10-01'
const LOOK_EVERY_MS = 250

/** A run that goes on while a test breaks something. */
export interface OngoingRun {
  readonly project: TestProject
  /** A worker dies, by a signal that it may or may not hear, and another one comes. @param which of several, from 0 */
  replaceWorker(signal: 'SIGKILL' | 'SIGTERM', which?: number): Promise<void>
  /** Ends every connection of the workers to the warehouse. */
  cutWarehouse(): Promise<void>
  /** Waits until an activity is at work or done. */
  begun(activityId: string): Promise<void>
  isOver(): boolean
}

export interface DisturbedOptions {
  readonly temporal?: OwnTemporal
  readonly shop?: ShopOptions
  /** Processes that serve at once. Default: 1. */
  readonly workers?: number
  disturb?(run: OngoingRun): Promise<void>
}

/**
 * Publishes the same quarter of the same shop, whatever is done to it meanwhile.
 *
 * @param disturb ends when it has done its worst; what it does after the end of the run disturbs nothing
 * @returns everything that consumers can read
 */
export async function contentOfRun(
  target: string,
  { temporal, shop, workers: count = 1, disturb }: DisturbedOptions = {},
): Promise<unknown> {
  const project = await openShop(target, shop)
  if (temporal) {
    project.variables.TEMPORAL_ADDRESS = temporal.address
    await project.migrate()
  }
  const named = new URL(project.variables.WAREHOUSE_URL!)
  named.searchParams.set('application_name', `worker_${target}`)
  const start = (): Promise<WorkerProcess> => project.startWorkerProcess({ WAREHOUSE_URL: named.href })
  let isOver = false
  try {
    const workers = await Promise.all(Array.from({ length: count }, start))
    const started = await project.cli(['run', 'shop', '--as-of', AS_OF, '--detach'])
    if (started.code !== 0) throw new Error(started.stderr)
    const run: OngoingRun = {
      project,
      isOver: () => isOver,
      async replaceWorker(signal, which = 0) {
        await workers[which]!.end(signal)
        workers[which] = await start()
      },
      async cutWarehouse() {
        await project.sql('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
          `worker_${target}`,
        ])
      },
      begun: (activityId) => begun(project, `${target}/shop@${AS_OF}~1`, activityId),
    }
    const disturbed = disturb?.(run)
    await Promise.all([disturbed, ended(project).then(() => (isOver = true))])
    return await publishedContent(project)
  } finally {
    await project.close()
  }
}

/** @throws when it ended otherwise than published */
async function ended(project: TestProject): Promise<void> {
  for (;;) {
    const [run] = await project.sql<{ status: string }>('select status from runs where finished_at is not null')
    if (run?.status === 'published') return
    if (run) throw new Error(`The run is ${run.status}.`)
    await sleep(LOOK_EVERY_MS)
  }
}

async function begun(project: TestProject, workflowId: string, activityId: string): Promise<void> {
  const access = await connectTemporal(project.variables)
  try {
    for (;;) {
      const { events = [] } = await access.client.workflow.getHandle(workflowId).fetchHistory()
      if (events?.some((event) => event.activityTaskScheduledEventAttributes?.activityId === activityId)) return
      await sleep(LOOK_EVERY_MS)
    }
  } finally {
    await access.close()
  }
}
