import { PauseRefused } from '../errors/pause-refused.ts'
import type { TemporalAccess } from './connect.ts'
import type { Act } from './cancel-run.ts'
import { explainServerRefusal } from './server-refusal.ts'

/** Activities of a run that were paused, or go on. */
export interface PausedActivities {
  readonly temporalRunId: string
  readonly activityIds: readonly string[]
}

type Pending = NonNullable<Awaited<ReturnType<typeof pendingOf>>['pending']>[number]

/**
 * Pauses what the run does now: an attempt that is going on ends within seconds, and none begins until `resumeRun`. Artifacts that are
 * committed stay; what an attempt had half done is done again.
 *
 * @throws PauseRefused when it does nothing now: it waits for a person, has ended, or is between two stages
 */
export async function pauseRun(
  access: TemporalAccess,
  workflowId: string,
  { by, reason }: Act,
): Promise<PausedActivities> {
  return change(access, workflowId, isGoingOn, async (id) => {
    await access.client.workflowService.pauseActivity({ ...addressOf(access, workflowId), id, identity: by, reason })
  })
}

/** Lets paused activities go on, with a first attempt now. @throws PauseRefused when none is paused */
export async function resumeRun(access: TemporalAccess, workflowId: string, { by }: Act): Promise<PausedActivities> {
  return change(access, workflowId, isPaused, async (id) => {
    const { workflowService } = access.client
    await workflowService.unpauseActivity({ ...addressOf(access, workflowId), id, identity: by, resetAttempts: true })
  })
}

async function change(
  access: TemporalAccess,
  workflowId: string,
  isMeant: (activity: Pending) => boolean,
  act: (activityId: string) => Promise<void>,
): Promise<PausedActivities> {
  try {
    const { temporalRunId, pending, isOpen } = await pendingOf(access, workflowId)
    const activityIds = pending.filter(isMeant).map(({ activityId }) => activityId!)
    if (activityIds.length === 0) throw nothingToDo(workflowId, isOpen, pending.some(isPaused))
    for (const activityId of activityIds) await act(activityId)
    return { temporalRunId, activityIds }
  } catch (error) {
    throw explainServerRefusal(error, access)
  }
}

async function pendingOf({ client }: TemporalAccess, workflowId: string) {
  const { runId, status, raw } = await client.workflow.getHandle(workflowId).describe()
  return { temporalRunId: runId, isOpen: status.name === 'RUNNING', pending: raw.pendingActivities ?? [] }
}

function addressOf({ namespace }: TemporalAccess, workflowId: string) {
  return { namespace, execution: { workflowId } }
}

function isPaused({ paused }: Pending): boolean {
  return paused === true
}

function isGoingOn({ paused }: Pending): boolean {
  return paused !== true
}

function nothingToDo(workflowId: string, isOpen: boolean, hasPaused: boolean): PauseRefused {
  if (!isOpen) return new PauseRefused(`Run ${workflowId} has ended.`, 'See `resegment describe`.')
  return hasPaused
    ? new PauseRefused(`Run ${workflowId} is paused already.`, 'Let it go on with `resegment resume`.')
    : new PauseRefused(
        `Nothing of run ${workflowId} can be paused or resumed now: no activity of it is going on, or is paused.`,
        'A held run waits anyway: `resegment describe` says for whom.',
      )
}
