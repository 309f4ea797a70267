import { withTemporal } from '../../src/cli/servers.ts'
import { pendingActivities } from '../../src/client/pending-activities.ts'
import { readEnvironment } from '../../src/config/environment.ts'

/** What the workflows of a target wait for, as text for the failure of a test. */
export function describeOpenRuns(variables: Readonly<Record<string, string>>, target: string): Promise<string> {
  return withTemporal(readEnvironment(variables), async ({ client }) => {
    const lines: string[] = []
    const query = `ExecutionStatus = 'Running' and WorkflowId starts_with '${target}/'`
    for await (const { workflowId } of client.workflow.list({ query })) {
      const description = await client.workflow.getHandle(workflowId).describe()
      lines.push(`${workflowId} is ${description.status.name}: ${JSON.stringify(pendingActivities(description))}`)
    }
    return lines.join('\n')
  })
}
