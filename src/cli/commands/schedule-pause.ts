import type { Command } from 'commander'
import { pauseSchedule, resumeSchedule } from '../../client/act-on-schedules.ts'
import { act } from '../command-context.ts'
import type { CommandContext } from '../command-context.ts'
import { changeSchedule, type ScheduleOptions, withScheduleOptions } from '../change-schedule.ts'

export function addPause(schedule: Command): void {
  withScheduleOptions(schedule.command('pause'))
    .description('Start no more runs of a pipeline until it is resumed. What is missed meanwhile is an alarm.')
    .action(
      act((context: CommandContext, pipeline: string, options: ScheduleOptions) => pause(context, pipeline, options)),
    )
}

export function addResume(schedule: Command): void {
  withScheduleOptions(schedule.command('resume'))
    .description('Let the schedule of a pipeline start runs again.')
    .action(
      act((context: CommandContext, pipeline: string, options: ScheduleOptions) => resume(context, pipeline, options)),
    )
}

function pause(context: CommandContext, pipeline: string, options: ScheduleOptions): Promise<void> {
  return changeSchedule(context, pipeline, options, 'paused', (access, scheduleId) =>
    pauseSchedule(access, scheduleId, options.reason),
  )
}

function resume(context: CommandContext, pipeline: string, options: ScheduleOptions): Promise<void> {
  return changeSchedule(context, pipeline, options, 'resumed', (access, scheduleId) =>
    resumeSchedule(access, scheduleId, options.reason),
  )
}
