import { owedStarts } from '../plan/owed-starts.ts'
import type { ScheduleBook } from '../ports/schedule-book.ts'
import { type AlarmChanges, alarmsOf } from '../run/alarm.ts'

/** Writes down what schedules owe from here on, and raises and clears alarms about what they owed. */
export async function watchExpectedRuns(book: ScheduleBook, now: string): Promise<AlarmChanges> {
  await extendExpectedRuns(book, now)
  return book.setAlarms(alarmsOf(await book.dueRuns(undefined)))
}

/** Writes down what deployed schedules owe, also for a time in which nobody did. */
export async function extendExpectedRuns(book: ScheduleBook, now: string): Promise<void> {
  for (const { scheduleId, pipeline, purpose, timed, expectedUntil } of await book.deployed()) {
    if (pipeline === null || timed === null || purpose === 'watch' || purpose === 'sweep') continue
    await book.owe(scheduleId, pipeline, owedStarts(timed, purpose, { after: expectedUntil, now }))
  }
}
