import { Context } from '@temporalio/activity'
import type { Services } from '../ports/services.ts'
import type { Activities } from './activities.ts'
import { attempt } from './attempt.ts'

/** Tells people that a run waits for them: now in view `run_events`. */
export function makeRemindActivities(services: Services): Pick<Activities, 'remind'> {
  return {
    remind: (plan, waited) =>
      attempt(services, plan.definition, async () => {
        const { within, otherwise } = plan.definition.pipeline.validate.approval
        const temporalRunId = Context.current().info.workflowExecution?.runId ?? ''
        await services.ledger(plan.definition).recordEvent(plan, temporalRunId, {
          event: 'reminded',
          by: 'resegment',
          reason: `Nobody has decided for ${waited}. Without a decision within ${within}: ${otherwise}.`,
        })
      }),
  }
}
