import { Context, log } from '@temporalio/activity'
import type { Ledger, RunEvent } from '../ports/ledger.ts'
import type { RunIdentity } from '../run/run-key.ts'
import { readSigned } from '../run/signed-reason.ts'

type History = Awaited<ReturnType<Context['client']['workflowService']['getWorkflowExecutionHistory']>>['history']
type Event = NonNullable<NonNullable<History>['events']>[number]

/** What somebody did to the run through Temporal, and the execution that it was done to or made. */
interface SeenAct {
  readonly temporalRunId: string
  readonly event: RunEvent
}

/**
 * Records who reset the run or asked it to stop, and why: in the UI, with the command line or by gRPC, it is the same request, and the
 * workflow hears nothing of either. What is recorded already stays once; what cannot be read now is read at the next edge of the run.
 */
export async function recordActs(ledger: Ledger, run: RunIdentity): Promise<void> {
  for (const { temporalRunId, event } of await readActs().catch(leaveForLater))
    await ledger.recordEvent(run, temporalRunId, event)
}

function leaveForLater(error: unknown): readonly SeenAct[] {
  log.warn('Who did what to the run could not be read', { error })
  return []
}

async function readActs(): Promise<readonly SeenAct[]> {
  const { client, info } = Context.current()
  const execution = info.workflowExecution
  const acts: SeenAct[] = []
  if (!execution) return acts
  let nextPageToken: Uint8Array | null | undefined
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: info.namespace,
      execution,
      nextPageToken,
    })
    for (const event of page.history?.events ?? []) {
      const act = actOf(event, execution.runId ?? '')
      if (act) acts.push(act)
    }
    nextPageToken = page.nextPageToken
  } while (nextPageToken?.length)
  return acts
}

function actOf(event: Event, temporalRunId: string): SeenAct | undefined {
  const reset = event.workflowTaskFailedEventAttributes
  if (reset?.newRunId) {
    const { by, reason } = readSigned(reset.failure?.message ?? '')
    return { temporalRunId: reset.newRunId, event: said('reset', by, reason) }
  }
  const cancel = event.workflowExecutionCancelRequestedEventAttributes
  if (cancel) return { temporalRunId, event: said('cancel_requested', cancel.identity, cancel.cause, cancel.identity) }
  return undefined
}

function said(
  event: string,
  by: string | null | undefined,
  reason: string | null | undefined,
  identity: string | null | undefined = null,
): RunEvent {
  return { event, by: by || 'unknown', reason: reason || 'No reason was given.', identity: identity || null }
}
