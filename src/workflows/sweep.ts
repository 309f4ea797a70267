import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { SweepActivities, SweepInput, SweepReport } from '../activities/sweep.ts'
import { queueBeside } from './activity-steps.ts'

/** Tidies up after dead and rejected runs of a pipeline. Started by a command or a schedule, never by a run. */
export async function sweep(input: SweepInput): Promise<SweepReport> {
  const { sweepStores } = proxyActivities<SweepActivities>({
    taskQueue: queueBeside(workflowInfo().taskQueue, 'io'),
    scheduleToCloseTimeout: '24 hours',
    startToCloseTimeout: '12 hours',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes', backoffCoefficient: 2 },
  })
  return sweepStores(input)
}
