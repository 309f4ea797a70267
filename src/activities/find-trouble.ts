import type { Context } from '@temporalio/activity'
import type { OpenRun } from './open-runs.ts'
import { formatRunId } from '../run/run-key.ts'
import type { RunStatus } from '../run/run-status.ts'
import { targetOption } from '../run/target-option.ts'
import type { Trouble } from '../run/trouble.ts'
import { formatCount } from '../run/figures.ts'

type Client = Context['client']

/** How long a stage may try by itself before somebody hears of it. */
export const RETRY_PATIENCE_MS = 30 * 60_000
/** Waiting for rows is no trouble, and a source that stays late fails by itself. */
const NO_TROUBLE = 'SourceNotComplete'
const QUERY_TIMEOUT_MS = 5_000

/** A trouble, and whose; null: of the whole target. */
export interface OwnedTrouble {
  readonly pipeline: string | null
  readonly trouble: Trouble
}

/**
 * Stages of open runs that have been failing and trying again for longer than `patienceMs`, reckoned from when they were first scheduled.
 */
export async function findRetrying(
  client: Client,
  openRuns: readonly OpenRun[],
  targetName: string,
  nowMs: number,
  patienceMs = RETRY_PATIENCE_MS,
): Promise<readonly OwnedTrouble[]> {
  const found: OwnedTrouble[] = []
  for (const { workflowId, runId, raw } of openRuns) {
    const handle = client.workflow.getHandle(workflowId, runId)
    const failing = raw.pendingActivities?.find(
      ({ attempt, lastFailure }) => (attempt ?? 1) > 1 && lastFailure?.applicationFailureInfo?.type !== NO_TROUBLE,
    )
    if (!failing?.activityId || !failing.lastFailure) continue
    const { activityId, lastFailure, attempt } = failing
    const { events } = await handle.fetchHistory()
    const scheduled = events?.findLast(
      ({ activityTaskScheduledEventAttributes: of }) => of?.activityId === activityId,
    )?.eventTime
    const sinceMs = Number(scheduled?.seconds ?? 0) * 1000
    if (nowMs - sinceMs < patienceMs) continue
    const status = await client.connection
      .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => handle.query<RunStatus>('status'))
      .catch(() => null)
    // No worker answers: that is another trouble.
    if (status === null) continue
    const run = status.runKey === '' ? workflowId.split('/').at(-1)! : formatRunId(status)
    const type = lastFailure.applicationFailureInfo?.type || (lastFailure.timeoutFailureInfo ? 'TimedOut' : 'Error')
    found.push({
      pipeline: status.pipeline,
      trouble: {
        kind: 'retrying',
        about: run,
        since: new Date(sinceMs).toISOString(),
        run,
        what: `${activityId} of ${run} failed ${formatCount((attempt ?? 2) - 1)} ${attempt === 2 ? 'time' : 'times'} and is tried again; at last (${type}): ${firstLineOf(lastFailure.message ?? '')}`,
        remedy: 'It goes on by itself once what is broken works again; a retry makes the next attempt at once.',
        command: `resegment retry ${run}${targetOption(targetName)}`,
      },
    })
  }
  return found
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0]!
}
