import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { WatchActivities, WatchInput } from '../activities/watch-runs.ts'
import type { AlarmChanges } from '../run/alarm.ts'
import { queueBeside } from './activity-steps.ts'

/** Looks for runs that did not come, and raises alarms about them. Started by a schedule of its own, never by a run. */
export async function watchSchedules(input: WatchInput): Promise<AlarmChanges> {
  const { watchRuns, watchWorkers } = proxyActivities<WatchActivities>({
    taskQueue: queueBeside(workflowInfo().taskQueue, 'io'),
    // The next look comes soon, and sees what this one would have.
    scheduleToCloseTimeout: '20 minutes',
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '5 seconds', maximumInterval: '1 minute', backoffCoefficient: 2 },
  })
  // What Temporal knows does not wait for a warehouse that is down.
  const workers = input.told ? watchWorkers(input) : undefined
  const [runs, others] = await Promise.allSettled([watchRuns(input), workers])
  if (runs.status === 'rejected') throw runs.reason
  if (others.status === 'rejected') throw others.reason
  return runs.value
}
