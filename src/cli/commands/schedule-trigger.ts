import type { Command } from 'commander'
import { triggerSchedule } from '../../client/act-on-schedules.ts'
import { deployedDefinition } from '../../client/schedules.ts'
import { ScheduleNotDeployed } from '../../errors/schedule-not-deployed.ts'
import { WrongUsage } from '../../errors/wrong-usage.ts'
import { lastPeriodEnd, runKeyOf } from '../../plan/period.ts'
import { formatRunId, runArguments } from '../../run/run-key.ts'
import type { RunKind } from '../../run/run-kind.ts'
import { targetOption } from '../../run/target-option.ts'
import { changeSchedule, type ScheduleOptions, withScheduleOptions } from '../change-schedule.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { withReader } from '../read-warehouse.ts'
import { warnOfMissingWorker } from '../local-worker.ts'

export function addTrigger(schedule: Command): void {
  withScheduleOptions(schedule.command('trigger'))
    .description('Start now what the schedule starts, as it was deployed: the run of the newest period that is over.')
    .action(act(trigger))
}

function trigger(context: CommandContext, pipeline: string, options: ScheduleOptions): Promise<void> {
  const kind: RunKind = options.score ? 'score' : 'refit'
  return changeSchedule(context, pipeline, options, 'triggered', async (access, scheduleId, environment) => {
    const deployed = await deployedDefinition(access, context.targetName, pipeline, kind)
    if (!deployed)
      throw new ScheduleNotDeployed(
        `Temporal has no schedule ${scheduleId}, or one that starts something else.`,
        'Deploy the pipeline: `resegment deploy`.',
      )
    const asOf = lastPeriodEnd(deployed.pipeline, new Date().toISOString(), kind)
    const runKey = runKeyOf(deployed.pipeline, asOf, kind)
    const published = await withReader(environment, deployed, (reader) => reader.newestPublished(runKey))
    if (published !== undefined)
      throw new WrongUsage(
        `${formatRunId({ runKey, revision: published })}, the run of the newest period that is over, was published before.`,
        `To make it anew: resegment run ${runArguments(runKey, asOf)} --revision next${targetOption(context.targetName)}`,
      )
    await triggerSchedule(access, scheduleId)
    await warnOfMissingWorker(context.terminal, access, context.targetName)
    context.terminal.say(`Follow it: resegment describe ${runKey}${targetOption(context.targetName)}`)
  })
}
