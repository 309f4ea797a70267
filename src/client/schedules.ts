import {
  type CalendarSpec,
  type Month,
  MONTHS,
  ScheduleNotFoundError,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleSpec,
  ScheduleOverlapPolicy,
} from '@temporalio/client'
import type { Definition } from '../plan/definition.ts'
import { canonicalJson } from '../plan/digest.ts'
import { checkDefinitionSize } from '../plan/payload-size.ts'
import { zoneOf } from '../plan/period.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import type { RunInput } from '../plan/run-plan.ts'
import type { RunKind } from '../run/run-kind.ts'
import { pipelineOfSchedule, scheduleIdOf, taskQueuesOf } from '../plan/target-names.ts'
import { WORKFLOW_TYPE } from '../workflows/messages.ts'
import { searchAttributes } from '../workflows/search-attributes.ts'
import type { TemporalAccess } from './connect.ts'
import { describeRun } from './run-texts.ts'
import { explainServerRefusal } from './server-refusal.ts'

const QUARTER_STARTS: readonly Month[] = ['JANUARY', 'APRIL', 'JULY', 'OCTOBER']

type Schedule = NonNullable<Pipeline['schedule']>

/** What `deploy` would do, or did, with one schedule. */
export interface ScheduleChange {
  readonly scheduleId: string
  readonly pipeline: string
  /** Absent when it is deleted. */
  readonly kind?: RunKind
  readonly action: 'create' | 'update' | 'delete' | 'unchanged'
  /** What differs, for people: `starts: 06:00 → 07:00`. Empty unless updated. */
  readonly differences: readonly string[]
  /** Absent when it is deleted. */
  readonly definition?: Definition
}

/** The parts of a schedule that we decide, as text: what is compared. */
interface ScheduleFacts {
  readonly starts: string
  readonly zone: string
  readonly catchUp: string
  readonly queue: string
  readonly definition: string
}

/** Compares the target's schedules with the definitions of all its pipelines: changes nothing. */
export async function compareSchedules(
  access: TemporalAccess,
  targetName: string,
  definitions: readonly Definition[],
): Promise<readonly ScheduleChange[]> {
  try {
    const wanted = definitions.flatMap((definition) => kindsOf(definition).map((kind) => ({ definition, kind })))
    const changes = await Promise.all(wanted.map(({ definition, kind }) => compareOne(access, definition, kind)))
    for await (const { scheduleId } of access.client.schedule.list()) {
      const pipeline = pipelineOfSchedule(targetName, scheduleId)
      if (pipeline === undefined || changes.some((change) => change.scheduleId === scheduleId)) continue
      // The list lags behind: it may still have what is deleted already.
      if (await isThere(access, scheduleId)) changes.push({ scheduleId, pipeline, action: 'delete', differences: [] })
    }
    return changes
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

/** Makes the schedules so. A paused schedule stays paused. */
export async function deploySchedules(access: TemporalAccess, changes: readonly ScheduleChange[]): Promise<void> {
  try {
    for (const { scheduleId, action, definition, kind = 'refit' } of changes) {
      const handle = access.client.schedule.getHandle(scheduleId)
      if (action === 'delete') await handle.delete().catch(ignoreNotFound)
      if (action === 'create') await access.client.schedule.create(scheduleOptions(definition!, kind))
      if (action === 'update') await handle.update(({ state }) => ({ ...scheduleOptions(definition!, kind), state }))
    }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

/** The definition that scheduled runs use. @returns undefined without a schedule */
export async function deployedDefinition(
  access: TemporalAccess,
  targetName: string,
  pipeline: string,
): Promise<Definition | undefined> {
  try {
    const { action } = await access.client.schedule.getHandle(scheduleIdOf(targetName, pipeline)).describe()
    return ((action.args ?? []) as [RunInput?])[0]?.definition
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw explainServerRefusal(error, access)
  }
}

async function isThere({ client }: TemporalAccess, scheduleId: string): Promise<boolean> {
  return (await client.schedule.getHandle(scheduleId).describe().catch(ignoreNotFound)) !== undefined
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof ScheduleNotFoundError)) throw error
}

async function compareOne({ client }: TemporalAccess, definition: Definition, kind: RunKind): Promise<ScheduleChange> {
  checkDefinitionSize(definition)
  const { pipeline } = definition.pipeline
  const scheduleId = scheduleIdOf(definition.targetName, pipeline, kind)
  const change = { scheduleId, pipeline, kind, definition, differences: [] }
  try {
    const deployed = factsOfDeployed(await client.schedule.getHandle(scheduleId).describe(), kind)
    const differences = differ(deployed, factsOf(definition, kind))
    return { ...change, action: differences.length > 0 ? 'update' : 'unchanged', differences }
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return { ...change, action: 'create' }
    throw error
  }
}

function differ(deployed: ScheduleFacts, wanted: ScheduleFacts): string[] {
  const keys = ['starts', 'zone', 'catchUp', 'queue'] as const
  const differences = keys
    .filter((key) => deployed[key] !== wanted[key])
    .map((key) => `${key}: ${deployed[key]} → ${wanted[key]}`)
  return deployed.definition === wanted.definition ? differences : [...differences, 'the definition was edited']
}

function kindsOf({ pipeline: { schedule } }: Definition): readonly RunKind[] {
  if (!schedule) return []
  return schedule.score === undefined ? ['refit'] : ['refit', 'score']
}

/** When a pipeline runs. A score run gives way to the refit of the same instant: that one places everybody as well. */
function calendarsOf({ refit, score, at }: Schedule, kind: RunKind): Pick<ScheduleSpec, 'calendars' | 'skip'> {
  const [hour, minute] = at.split(':').map(Number)
  const months = refit === 'quarter' ? [...QUARTER_STARTS] : ('*' as const)
  const ofRefit: CalendarSpec = { month: months, dayOfMonth: 1, hour, minute, comment: `After each ${refit}.` }
  if (kind === 'refit') return { calendars: [ofRefit] }
  const days = score === 'month' ? { dayOfMonth: 1 } : score === 'week' ? { dayOfWeek: 'MONDAY' as const } : {}
  const ofScore: CalendarSpec = { month: '*', dayOfMonth: '*', ...days, hour, minute, comment: rhythmOf(refit, score) }
  return { calendars: [ofScore], skip: [ofRefit] }
}

function rhythmOf(refit: string, score: string | undefined): string {
  return `After each ${score}, but not after a ${refit}.`
}

function scheduleOptions(definition: Definition, kind: RunKind): ScheduleOptions {
  const { targetName, pipeline } = definition
  const { refit, score, catchUp } = pipeline.schedule!
  const input: RunInput = { definition, options: kind === 'score' ? { kind } : {} }
  const scheduleId = scheduleIdOf(targetName, pipeline.pipeline, kind)
  const summary =
    kind === 'score'
      ? `Customers placed by ${pipeline.pipeline}, each ${score}`
      : `Segments of ${pipeline.pipeline}, each ${refit}`
  // A score run that is held is of no use once the next one looks from later.
  const overlap = kind === 'score' ? ScheduleOverlapPolicy.CANCEL_OTHER : ScheduleOverlapPolicy.BUFFER_ONE
  return {
    scheduleId,
    spec: { ...calendarsOf(pipeline.schedule!, kind), timezone: zoneOf(pipeline) },
    // No retry and no time-out on the action, and no pause on failure: a run that failed is retried by people, the next one comes anyway.
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPE,
      workflowId: scheduleId,
      taskQueue: taskQueuesOf(targetName).workflow,
      args: [input],
      typedSearchAttributes: [{ key: searchAttributes.pipeline, value: pipeline.pipeline }],
      ...describeRun(definition, summary),
    },
    policies: { overlap, catchupWindow: catchUp as `${number}d` },
  }
}

function factsOf(definition: Definition, kind: RunKind): ScheduleFacts {
  const { refit, score, at, catchUp } = definition.pipeline.schedule!
  const months = refit === 'quarter' ? QUARTER_STARTS.join(' ') : MONTHS.join(' ')
  return {
    starts: `${kind === 'score' ? rhythmOf(refit, score) : months}, ${at}`,
    zone: zoneOf(definition.pipeline),
    catchUp: `${minutesOf(catchUp)} minutes`,
    queue: taskQueuesOf(definition.targetName).workflow,
    definition: canonicalJson(definition),
  }
}

function factsOfDeployed({ spec, action, policies }: ScheduleDescription, kind: RunKind): ScheduleFacts {
  const [calendar] = spec.calendars ?? []
  const months = (calendar?.month ?? []).flatMap(({ start, end, step }) =>
    MONTHS.filter((month, index) => {
      const from = MONTHS.indexOf(start)
      return index >= from && index <= MONTHS.indexOf(end) && (index - from) % Math.max(1, step) === 0 && month
    }),
  )
  const clock = [calendar?.hour, calendar?.minute].map((ranges) => String(ranges?.[0]?.start ?? 0).padStart(2, '0'))
  const [input] = (action.args ?? []) as [RunInput?]
  return {
    starts: `${kind === 'score' ? calendar?.comment : months.join(' ')}, ${clock.join(':')}`,
    zone: spec.timezone ?? 'UTC',
    catchUp: `${policies.catchupWindow / 60_000} minutes`,
    queue: action.taskQueue ?? '',
    definition: canonicalJson(input?.definition ?? null),
  }
}

function minutesOf(text: string): number {
  const minutes = { d: 24 * 60, h: 60, m: 1 }
  return Number(text.slice(0, -1)) * minutes[text.slice(-1) as keyof typeof minutes]
}
