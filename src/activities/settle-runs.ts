import type { Context } from '@temporalio/activity'
import type { Ledger, OpenRun, UntoldEnd } from '../ports/ledger.ts'

/** As much of a Temporal client as is asked here. */
export type Workflows = Pick<Context['client']['workflow'], 'getHandle'>

/**
 * Makes the record true of runs that ended without a word: one that is terminated gets no chance to say so, and the last word of a failed
 * one gives up soon. A run that Temporal does not know stays as it is recorded: its history may have expired, or this is another server.
 */
export async function settleRuns(workflows: Workflows, ledger: Ledger, pipeline: string | undefined): Promise<void> {
  for (const run of await ledger.openRuns(pipeline)) {
    const end = await findEnd(workflows, run)
    if (end) await ledger.settleRun(run, end)
  }
}

async function findEnd(workflows: Workflows, { workflowId }: OpenRun): Promise<UntoldEnd | undefined> {
  // The newest execution: a reset goes on under another id.
  const found = await workflows.getHandle(workflowId).describe().catch(ignoreUnknown)
  if (!found?.closeTime) return undefined
  const { events } = await workflows.getHandle(workflowId, found.runId).fetchHistory()
  const last = events?.at(-1)
  const facts = { temporalRunId: found.runId, finishedAt: found.closeTime.toISOString() }
  switch (found.status.name) {
    case 'TERMINATED': {
      const { identity, reason } = last?.workflowExecutionTerminatedEventAttributes ?? {}
      const event = { event: 'terminated', by: identity || 'unknown', reason: reason || 'No reason was given.' }
      const failure = `The workflow was terminated in Temporal by ${event.by}: ${event.reason}`
      return { ...facts, state: 'cancelled', failure, event }
    }
    case 'CANCELLED':
      return { ...facts, state: 'cancelled', failure: null }
    case 'FAILED': {
      const message = last?.workflowExecutionFailedEventAttributes?.failure?.message
      return { ...facts, state: 'failed', failure: message || 'The workflow failed in Temporal.' }
    }
    case 'TIMED_OUT':
      return { ...facts, state: 'failed', failure: 'The workflow timed out in Temporal.' }
    default:
      // What completes has recorded how.
      return undefined
  }
}

/** A workflow that Temporal does not know, or that has ended: there is nobody to ask or to tell. */
export function ignoreUnknown(error: unknown): undefined {
  if ((error as { name?: string }).name !== 'WorkflowNotFoundError') throw error
}
