import type { Context } from '@temporalio/activity'
import { taskQueuesOf } from '../plan/target-names.ts'

type Client = Context['client']

/** An open run as Temporal describes it. */
export type OpenRun = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>

/** The runs of a target that have not ended. */
export async function describeOpenRuns({ workflow }: Client, targetName: string): Promise<readonly OpenRun[]> {
  const { workflow: queue } = taskQueuesOf(targetName)
  const query = `WorkflowType = 'segmentCustomers' AND ExecutionStatus = 'Running' AND TaskQueue = '${queue}'`
  const found: OpenRun[] = []
  for await (const { workflowId, runId } of workflow.list({ query }))
    found.push(await workflow.getHandle(workflowId, runId).describe())
  return found
}
