import type { Context } from '@temporalio/activity'
import { ConfigInvalid } from '../errors/config-invalid.ts'
import type { Definition } from '../plan/definition.ts'
import type { RunInput } from '../plan/run-plan.ts'
import { scheduleIdOf } from '../plan/target-names.ts'

/** As much of a Temporal client as is asked here. */
export type Schedules = Pick<Context['client']['schedule'], 'getHandle'>

/**
 * The definition that the next revision goes by: the one that was deployed last, as the schedule of refits carries it. A pipeline that was
 * never deployed has only what the run was started with.
 *
 * @throws ConfigInvalid when somebody edited the schedule in Temporal so that it carries none
 */
export async function deployedDefinition(schedules: Schedules, { definition }: RunInput): Promise<Definition> {
  const { targetName, pipeline } = definition
  const scheduleId = scheduleIdOf(targetName, pipeline.pipeline, 'refit')
  const schedule = await schedules.getHandle(scheduleId).describe().catch(ignoreUndeployed)
  if (!schedule) return definition
  const [input] = (schedule.action.args ?? []) as readonly Partial<RunInput>[]
  const deployed = input?.definition
  if (deployed?.pipeline?.pipeline === pipeline.pipeline && deployed.targetName === targetName) return deployed
  throw new ConfigInvalid(
    `The input of schedule ${scheduleId} has no definition of pipeline ${pipeline.pipeline} of target ${targetName}.`,
    'Run `resegment deploy`, which puts right what was changed in Temporal; or start the run with a number as its revision: it then goes by the definition in its own input.',
  )
}

function ignoreUndeployed(error: unknown): undefined {
  if ((error as { name?: string }).name !== 'ScheduleNotFoundError') throw error
}
