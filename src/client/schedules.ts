import { ScheduleAlreadyRunning, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client'
import { DeployConflict } from '../errors/deploy-conflict.ts'
import type { Definition } from '../plan/definition.ts'
import type { DeployedSchedule, ScheduleFacts } from '../plan/deployed-schedule.ts'
import type { RunInput } from '../plan/run-plan.ts'
import { isScheduleOf, pipelineOfSchedule, scheduleIdOf } from '../plan/target-names.ts'
import type { RunKind } from '../run/run-kind.ts'
import type { TemporalAccess } from './connect.ts'
import { describeSchedule, factsOf, factsOfDeployed } from './schedule-facts.ts'
import { currentKeyId, keyIdOfInput } from './schedule-keys.ts'
import { pauseOf, type SchedulePause, wantedState } from './schedule-pause.ts'
import { explainServerRefusal } from './server-refusal.ts'
import type { WantedSchedule } from './wanted-schedules.ts'

/** What `deploy` would do, or did, with one schedule. */
export interface ScheduleChange {
  readonly scheduleId: string
  /** Null: of the whole target, or nobody knows. */
  readonly pipeline: string | null
  /** `orphan`: no pipeline wants it, and it stays until one says to delete orphans. */
  readonly action: 'create' | 'update' | 'delete' | 'orphan' | 'unchanged'
  /** What differs since the pipeline was edited, for people: `zone: UTC → Europe/Berlin`. */
  readonly differences: readonly string[]
  /** What somebody changed in Temporal since it was deployed, and is put right. */
  readonly drift: readonly string[]
  /** As it will be. Null: it runs. */
  readonly pause: SchedulePause | null
  /** Absent for orphans, and what is deleted. */
  readonly wanted?: WantedSchedule
  /** Whether the warehouse knows it as it is wanted. */
  readonly isRecorded: boolean
}

export interface CompareOptions {
  /** What was deployed last, as the warehouse knows it. */
  readonly deployed: readonly DeployedSchedule[]
  /** End pauses that people made. Default: they stay. */
  readonly unpause?: boolean
  /** Default: they are only shown. */
  readonly deleteOrphans?: boolean
}

/** Compares the target's schedules with the wanted ones: changes nothing. */
export async function compareSchedules(
  access: TemporalAccess,
  targetName: string,
  wanted: readonly WantedSchedule[],
  options: CompareOptions,
): Promise<readonly ScheduleChange[]> {
  try {
    const changes = await Promise.all(wanted.map((one) => compareOne(access, one, options)))
    const orphans = new Set(options.deployed.map(({ scheduleId }) => scheduleId))
    for await (const { scheduleId } of access.client.schedule.list())
      // The list lags behind: it may still have what is deleted already.
      if (isScheduleOf(targetName, scheduleId) && (await describeSchedule(access, scheduleId))) orphans.add(scheduleId)
    for (const { options: known } of wanted) orphans.delete(known.scheduleId)
    return [...changes, ...[...orphans].sort().map((scheduleId) => orphanOf(targetName, scheduleId, options))]
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

/**
 * Makes the schedules so.
 *
 * @param onDone of each schedule, as soon as Temporal has it so
 */
export async function deploySchedules(
  access: TemporalAccess,
  changes: readonly ScheduleChange[],
  onDone: (change: ScheduleChange) => Promise<void>,
): Promise<void> {
  try {
    for (const change of changes) {
      await deployOne(access, change)
      await onDone(change)
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
  kind: RunKind = 'refit',
): Promise<Definition | undefined> {
  try {
    const description = await describeSchedule(access, scheduleIdOf(targetName, pipeline, kind))
    return ((description?.action.args ?? []) as [RunInput?])[0]?.definition
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

async function deployOne({ client }: TemporalAccess, { scheduleId, action, wanted, pause }: ScheduleChange) {
  const handle = client.schedule.getHandle(scheduleId)
  const state = { paused: pause !== null, note: pause?.note ?? wanted?.note }
  if (action === 'delete') await handle.delete().catch(ignoreNotFound)
  if (action === 'update') await handle.update(() => ({ ...wanted!.options, state }))
  if (action === 'create')
    await client.schedule.create({ ...wanted!.options, state }).catch((error: unknown) => {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      throw new DeployConflict(
        `Somebody else has just made schedule ${scheduleId}.`,
        'Deploy again: it is compared anew.',
      )
    })
}

async function compareOne(
  access: TemporalAccess,
  wanted: WantedSchedule,
  { deployed, unpause = false }: CompareOptions,
): Promise<ScheduleChange> {
  const { options, pipeline } = wanted
  const { scheduleId } = options
  const facts = factsOf(options)
  const recorded = deployed.find((one) => one.scheduleId === scheduleId)
  const isRecorded = recorded !== undefined && differ(recorded.facts, facts).length === 0
  const found = await describeSchedule(access, scheduleId)
  const pause = wantedState(found?.state, wanted.pauseNote, unpause)
  const change = { scheduleId, pipeline, wanted, isRecorded, pause }
  if (!found) {
    const drift = recorded ? ['somebody deleted it in Temporal'] : []
    return { ...change, action: 'create', differences: [], drift }
  }
  const told = tellApart(factsOfDeployed(found), recorded?.facts, facts)
  const differences = [
    ...told.differences,
    ...pauseDifference(found, pause),
    ...keyDifference(found, await currentKeyId(access)),
  ]
  const action = differences.length + told.drift.length > 0 ? 'update' : 'unchanged'
  return { ...change, action, differences, drift: told.drift }
}

function orphanOf(targetName: string, scheduleId: string, { deleteOrphans = false }: CompareOptions): ScheduleChange {
  const pipeline = pipelineOfSchedule(targetName, scheduleId) ?? null
  const action = deleteOrphans ? 'delete' : 'orphan'
  return { scheduleId, pipeline, action, differences: [], drift: [], pause: null, isRecorded: true }
}

/** What Temporal has differently than it was deployed is drift; the rest was edited in the project. */
function tellApart(found: ScheduleFacts, recorded: ScheduleFacts | undefined, wanted: ScheduleFacts) {
  const changed = differ(found, wanted)
  const drifted = recorded ? differ(found, recorded).filter((key) => changed.includes(key)) : []
  const tell = (key: string): string =>
    key === 'input' ? 'the definition was edited' : `${key}: ${found[key]} → ${wanted[key]}`
  return {
    differences: changed.filter((key) => !drifted.includes(key)).map(tell),
    drift: drifted.map((key) => (key === 'input' ? 'what its runs are started with' : tell(key))),
  }
}

function differ(one: ScheduleFacts, other: ScheduleFacts): string[] {
  return Object.keys(other).filter((key) => one[key] !== other[key])
}

function pauseDifference({ state }: ScheduleDescription, wanted: SchedulePause | null): string[] {
  const is = pauseOf(state)
  if (is?.note === wanted?.note && (is === null) === (wanted === null)) return []
  const text = (pause: SchedulePause | null): string => (pause ? `paused (${pause.note})` : 'runs')
  return [`pause: ${text(is)} → ${text(wanted)}`]
}

/** One that is encrypted with an older key holds that key fast, which nobody could remove. */
function keyDifference({ raw }: ScheduleDescription, wanted: string | null): string[] {
  const is = keyIdOfInput(raw)
  return is === undefined || is === wanted ? [] : [`payload key: ${is ?? 'none'} → ${wanted ?? 'none'}`]
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof ScheduleNotFoundError)) throw error
}
