import { type ScheduleDescription, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client'
import { PayloadNotReadable } from '../errors/payload-not-readable.ts'
import type { ScheduleFacts } from '../plan/deployed-schedule.ts'
import { digestOf } from '../plan/digest.ts'
import type { TemporalAccess } from './connect.ts'
import { calendarText } from './schedule-spec.ts'

const MINUTE_MS = 60_000

/** What we want a schedule to be, as text. */
export function factsOf({ spec, action, policies }: ScheduleOptions): ScheduleFacts {
  return {
    starts: calendarText(spec.calendars),
    'but not': calendarText(spec.skip),
    zone: spec.timezone ?? 'UTC',
    jitter: minutes(Number(spec.jitter ?? 0)),
    catchUp: minutes(Number(policies?.catchupWindow ?? 0)),
    overlap: policies?.overlap ?? '',
    'on failure': onFailure(policies?.pauseOnFailure),
    workflow: `${action.workflowType as string} ${action.workflowId ?? ''}`,
    queue: action.taskQueue ?? '',
    limits: 'none',
    input: digestOf(action.args ?? []),
  }
}

/** The same of a schedule that Temporal has. */
export function factsOfDeployed({ spec, action, policies, state }: ScheduleDescription): ScheduleFacts {
  return {
    starts: [calendarText(spec.calendars), ...(spec.intervals ?? []).map((one) => `every ${one.every} ms`)].join(
      ' and ',
    ),
    'but not': calendarText(spec.skip),
    zone: spec.timezone || 'UTC',
    jitter: minutes(spec.jitter ?? 0),
    catchUp: minutes(policies.catchupWindow),
    overlap: policies.overlap ?? '',
    'on failure': onFailure(policies.pauseOnFailure),
    workflow: `${action.workflowType} ${action.workflowId ?? ''}`,
    queue: action.taskQueue ?? '',
    limits: limitsOf(action, spec, state),
    input: digestOf(action.args ?? []),
  }
}

/**
 * @returns undefined: Temporal has none of this id
 * @throws PayloadNotReadable
 */
export async function describeSchedule(
  { client }: TemporalAccess,
  scheduleId: string,
): Promise<ScheduleDescription | undefined> {
  return client.schedule
    .getHandle(scheduleId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return undefined
      if (error instanceof PayloadNotReadable)
        throw new PayloadNotReadable(
          `Schedule ${scheduleId}: ${error.what}`,
          `${error.remedy} If that key is lost, delete the schedule in Temporal and run \`resegment deploy\`.`,
          { cause: error },
        )
      throw error
    })
}

/** What somebody set that we never do. */
function limitsOf(
  { retry, workflowExecutionTimeout, workflowRunTimeout, workflowTaskTimeout }: ScheduleDescription['action'],
  { startAt, endAt }: ScheduleDescription['spec'],
  { remainingActions }: ScheduleDescription['state'],
): string {
  const set = {
    ...{ retry, workflowExecutionTimeout, workflowRunTimeout, startAt, endAt, remainingActions },
    // The server fills in ten seconds of its own.
    workflowTaskTimeout: Number(workflowTaskTimeout ?? 0) > 10_000 ? workflowTaskTimeout : undefined,
  }
  const named = Object.entries(set).filter(([, value]) => value !== undefined && value !== 0)
  return named.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ') || 'none'
}

function minutes(ms: number): string {
  return `${ms / MINUTE_MS} minutes`
}

function onFailure(pauses: boolean | undefined): string {
  return pauses ? 'it pauses' : 'it goes on'
}
