import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client'
import { ScheduleNotDeployed } from '../errors/schedule-not-deployed.ts'
import type { TemporalAccess } from './connect.ts'
import { describeSchedule } from './schedule-facts.ts'
import { pauseOf, type SchedulePause } from './schedule-pause.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** A schedule as Temporal has it. */
export interface ScheduleView {
  /** ISO 8601, UTC, without jitter. Null: it starts nothing any more. */
  readonly nextStart: string | null
  /** Null: it runs. */
  readonly pause: SchedulePause | null
}

/** @returns undefined: it is not deployed */
export async function readSchedule(access: TemporalAccess, scheduleId: string): Promise<ScheduleView | undefined> {
  try {
    const found = await describeSchedule(access, scheduleId)
    if (!found) return undefined
    return { nextStart: found.info.nextActionTimes[0]?.toISOString() ?? null, pause: pauseOf(found.state) }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

/** @param note why, for people: Temporal shows it */
export function pauseSchedule(access: TemporalAccess, scheduleId: string, note: string): Promise<void> {
  return actOn(access, scheduleId, (handle) => handle.pause(note))
}

export function resumeSchedule(access: TemporalAccess, scheduleId: string, note: string): Promise<void> {
  return actOn(access, scheduleId, (handle) => handle.unpause(note))
}

/** Starts what the schedule starts, now: a run that looks from the end of the newest period that is over. */
export function triggerSchedule(access: TemporalAccess, scheduleId: string): Promise<void> {
  return actOn(access, scheduleId, (handle) => handle.trigger(ScheduleOverlapPolicy.BUFFER_ONE))
}

type ScheduleHandle = ReturnType<TemporalAccess['client']['schedule']['getHandle']>

/** @throws ScheduleNotDeployed */
async function actOn(
  access: TemporalAccess,
  scheduleId: string,
  act: (handle: ScheduleHandle) => Promise<void>,
): Promise<void> {
  try {
    await act(access.client.schedule.getHandle(scheduleId))
  } catch (error) {
    if (error instanceof ScheduleNotFoundError)
      throw new ScheduleNotDeployed(
        `Temporal has no schedule ${scheduleId}.`,
        'Deploy the pipeline: `resegment deploy`.',
      )
    throw explainServerRefusal(error, access)
  }
}
