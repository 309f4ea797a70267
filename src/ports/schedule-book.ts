import type { DeployedSchedule } from '../plan/deployed-schedule.ts'
import type { OwedStart } from '../plan/owed-starts.ts'
import type { Alarm, AlarmChanges, UntoldAlarm } from '../run/alarm.ts'
import type { ExpectedRun } from '../run/expected-run.ts'

/** Who did what to a schedule and why: the `schedule_events` view. */
export interface ScheduleEvent {
  readonly scheduleId: string
  readonly pipeline: string | null
  readonly event: 'created' | 'updated' | 'deleted' | 'paused' | 'resumed' | 'triggered'
  readonly by: string
  readonly reason: string
}

export interface RecordedEvent extends ScheduleEvent {
  /** ISO 8601, UTC. */
  readonly recordedAt: string
}

export interface RecordedSchedule extends DeployedSchedule {
  /** ISO 8601, UTC: up to when its expected runs are known. */
  readonly expectedUntil: string
}

/** What was deployed, what it owes, and what did not come: beside the published tables, so that it is known without Temporal. */
export interface ScheduleBook {
  /**
   * Keeps everybody else from deploying to the target meanwhile.
   *
   * @throws DeployConflict when somebody does
   */
  exclusively<T>(body: () => Promise<T>): Promise<T>
  deployed(): Promise<readonly RecordedSchedule[]>
  /** Writes what was deployed; runs that were owed from now on are forgotten and `owed` instead. */
  record(schedule: DeployedSchedule, by: string, owed: readonly OwedStart[]): Promise<void>
  /** As `record`, for one that is gone. */
  forget(scheduleId: string): Promise<void>
  /** Adds starts that are not there yet. */
  owe(scheduleId: string, pipeline: string, owed: readonly OwedStart[]): Promise<void>
  recordEvent(event: ScheduleEvent): Promise<void>
  /** The newest one of each schedule. */
  newestEvents(event: ScheduleEvent['event']): Promise<readonly RecordedEvent[]>
  /** Those that are due already, in the order of time. `undefined`: of every pipeline. */
  dueRuns(pipeline: string | undefined): Promise<readonly ExpectedRun[]>
  /** Raises what is new, clears what is gone. */
  setAlarms(alarms: readonly Alarm[]): Promise<AlarmChanges>
  /** Those that people have to hear of; the end of one only where they heard of its beginning. */
  untoldAlarms(): Promise<readonly UntoldAlarm[]>
  /** People were told of what `untoldAlarms` said. */
  markTold(alarm: Pick<UntoldAlarm, 'id' | 'isOver'>): Promise<void>
  close(): Promise<void>
}
