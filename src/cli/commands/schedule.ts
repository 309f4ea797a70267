import type { Command } from 'commander'
import { addScheduleList } from './schedule-list.ts'
import { addPause, addResume } from './schedule-pause.ts'
import { addPreview } from './schedule-preview.ts'
import { addTrigger } from './schedule-trigger.ts'

export function addSchedule(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('Look at deployed schedules, pause them, let them run again, start what they start.')
  for (const add of [addScheduleList, addPreview, addPause, addResume, addTrigger]) add(schedule)
}
