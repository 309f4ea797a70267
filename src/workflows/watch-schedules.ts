import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { WatchActivities, WatchInput } from '../activities/watch-runs.ts'
import type { AlarmChanges } from '../run/alarm.ts'
import { queueBeside } from './activity-steps.ts'

/** Looks for runs that did not come, and raises alarms about them. Started by a schedule of its own, never by a run. */
export async function watchSchedules(input: WatchInput): Promise<AlarmChanges> {
  const { watchRuns } = proxyActivities<WatchActivities>({
    taskQueue: queueBeside(workflowInfo().taskQueue, 'io'),
    // The next look comes soon, and sees what this one would have.
    scheduleToCloseTimeout: '20 minutes',
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '5 seconds', maximumInterval: '1 minute', backoffCoefficient: 2 },
  })
  return watchRuns(input)
}
