import { type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client'
import type { Definition } from '../plan/definition.ts'
import { type SchedulePurpose, warehousePlacesOf } from '../plan/deployed-schedule.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { type TimedPipeline, zoneOf } from '../plan/period.ts'
import { scheduledKinds } from '../plan/planned-starts.ts'
import { inputOf } from '../plan/run-plan.ts'
import { minutesOf, rhythmWords } from '../plan/schedule.ts'
import { startCalendar } from '../plan/start-calendar.ts'
import { scheduleIdOf, sweepIdOf, targetScheduleIdOf, taskQueuesOf } from '../plan/target-names.ts'
import type { RunKind } from '../run/run-kind.ts'
import type { RetentionDays } from '../run/sweep-plan.ts'
import type { SweepInput } from '../activities/sweep.ts'
import type { WatchInput } from '../activities/watch-runs.ts'
import { SWEEP_TYPE, WATCH_TYPE, WORKFLOW_TYPE } from '../workflows/messages.ts'
import { searchAttributes } from '../run/search-attributes.ts'
import { describeRun } from './run-texts.ts'
import { calendarSpecs } from './schedule-spec.ts'

/** A schedule that Temporal shall have. */
export interface WantedSchedule {
  readonly pipeline: string | null
  readonly purpose: SchedulePurpose
  readonly options: ScheduleOptions
  /** What decides which runs are expected. Null: none are. */
  readonly timed: TimedPipeline | null
  /** For people who see it in Temporal. */
  readonly note: string
  /** Why it is paused. Absent: it is not. */
  readonly pauseNote?: string
}

const HOUR_MS = 3_600_000
/** Looks twice an hour: what is late is late by hours. */
const WATCH_MINUTES = [10, 40]

const KEEPER = 'Change it in the project and with `resegment deploy`, which puts right what is changed here.'

/** Everything that `deploy` puts into Temporal for a target. */
export function wantedSchedules(
  targetName: string,
  definitions: readonly Definition[],
  retention: RetentionDays,
): readonly WantedSchedule[] {
  const scheduled = definitions.filter(({ pipeline }) => pipeline.schedule !== undefined)
  return [
    ...scheduled.flatMap((definition) =>
      scheduledKinds(definition.pipeline).map((kind) => runSchedule(definition, kind)),
    ),
    ...scheduled.map((definition) => sweepSchedule(definition, retention)),
    ...(scheduled.length > 0 ? [watchSchedule(targetName, scheduled)] : []),
  ]
}

/** The schedule of one kind of runs of a pipeline. */
export function runSchedule(definition: Definition, kind: RunKind): WantedSchedule {
  checkDefinitionSize(definition)
  const { targetName, pipeline } = definition
  const { pipeline: name, timezone } = pipeline
  const schedule = pipeline.schedule!
  const input = inputOf({ definition, revision: 1, options: kind === 'score' ? { kind } : {} })
  const scheduleId = scheduleIdOf(targetName, name, kind)
  const rhythm = rhythmWords(kind === 'score' ? schedule.score! : schedule.refit)
  const summary = kind === 'score' ? `Customers placed by ${name}, ${rhythm}` : `Segments of ${name}, ${rhythm}`
  const comment = kind === 'score' ? `Runs ${rhythm}, but not where a refit starts.` : `Runs ${rhythm}.`
  // A score run that is held is of no use once the next one looks from later.
  const overlap = kind === 'score' ? ScheduleOverlapPolicy.CANCEL_OTHER : ScheduleOverlapPolicy.BUFFER_ONE
  return {
    pipeline: name,
    purpose: kind,
    timed: { pipeline: name, timezone, schedule },
    note: `${summary}. ${KEEPER}`,
    ...(schedule.paused !== undefined && { pauseNote: schedule.paused }),
    options: {
      scheduleId,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: name }],
      spec: {
        ...calendarSpecs(startCalendar(pipeline, kind), comment),
        timezone: zoneOf(pipeline),
        jitter: minutesOf(schedule.jitter) * 60_000,
      },
      // No retry and no time-out on the action, and no pause on failure: a run that failed is retried by people, the next one comes anyway.
      action: {
        type: 'startWorkflow',
        workflowType: WORKFLOW_TYPE,
        workflowId: scheduleId,
        taskQueue: taskQueuesOf(targetName).workflow,
        args: [input],
        typedSearchAttributes: [{ key: searchAttributes.pipeline, value: name }],
        ...describeRun(definition, summary),
      },
      policies: { overlap, catchupWindow: minutesOf(schedule.catchUp) * 60_000, pauseOnFailure: false },
    },
  }
}

/** Tidying up after dead runs: in the night from Saturday to Sunday, when least is going on. */
export function sweepSchedule(definition: Definition, retention: RetentionDays): WantedSchedule {
  checkDefinitionSize(definition)
  const { targetName, pipeline } = definition
  const { pipeline: name } = pipeline
  const input: SweepInput = { definition, retention, dryRun: false }
  return {
    pipeline: name,
    purpose: 'sweep',
    timed: null,
    note: `Tidies up after dead runs of ${name}. ${KEEPER}`,
    options: {
      scheduleId: `${scheduleIdOf(targetName, name)}.sweep`,
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: name }],
      spec: {
        calendars: [{ dayOfWeek: 'SUNDAY', hour: 3, minute: 0, comment: 'Each week.' }],
        timezone: zoneOf(pipeline),
        // All pipelines at once would be in one another's way.
        jitter: HOUR_MS,
      },
      action: {
        type: 'startWorkflow',
        workflowType: SWEEP_TYPE,
        workflowId: sweepIdOf(targetName, name, false),
        taskQueue: taskQueuesOf(targetName).workflow,
        args: [input],
        typedSearchAttributes: [{ key: searchAttributes.pipeline, value: name }],
        ...describeRun(definition, `Tidying up after dead runs of ${name}`),
      },
      // What one of them left the next one removes.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 24 * HOUR_MS, pauseOnFailure: false },
    },
  }
}

/** Looks for runs that did not come, whatever became of the schedules above. */
function watchSchedule(targetName: string, definitions: readonly Definition[]): WantedSchedule {
  const told = definitions.filter(({ notify }) => notify !== undefined).map(toldOf)
  const input: WatchInput = {
    warehouses: warehousePlacesOf(definitions),
    ...(told.length > 0 && { told: { targetName, pipelines: told } }),
  }
  const scheduleId = targetScheduleIdOf(targetName, 'watch')
  return {
    pipeline: null,
    purpose: 'watch',
    timed: null,
    note: `Looks for runs of target ${targetName} that did not come, and has people told. ${KEEPER}`,
    options: {
      scheduleId,
      spec: {
        calendars: [{ hour: '*', minute: WATCH_MINUTES, comment: 'Twice an hour.' }],
        timezone: 'UTC',
        jitter: 0,
      },
      action: {
        type: 'startWorkflow',
        workflowType: WATCH_TYPE,
        workflowId: scheduleId,
        taskQueue: taskQueuesOf(targetName).workflow,
        args: [input],
        staticSummary: `Looks for runs of target ${targetName} that did not come`,
      },
      // What is there to see, the next look sees.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 60_000, pauseOnFailure: false },
    },
  }
}

/** As much of a definition as telling its people takes. */
function toldOf({ targetName, contact, runbook, notify, pipeline: { pipeline, owner } }: Definition) {
  return { targetName, contact, runbook, notify, pipeline: { pipeline, owner } }
}
