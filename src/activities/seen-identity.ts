import { Context } from '@temporalio/activity'
import type { TakenDecision } from '../run/decision.ts'

const EVENTS_AT_A_TIME = 50

type History = Awaited<
  ReturnType<Context['client']['workflowService']['getWorkflowExecutionHistoryReverse']>
>['history']
type Event = NonNullable<NonNullable<History>['events']>[number]

/**
 * Who sent the update that brought a decision, as Temporal saw it: a worker or command line says its process and host, a proxy or Temporal
 * Cloud the account. The name in the decision is only claimed. The workflow cannot see it, so it is looked up in the history, from its end.
 *
 * @returns null when time was up, or the sender said nothing
 */
export async function seenIdentity({ updateId }: TakenDecision): Promise<string | null> {
  if (!updateId) return null
  const { client, info } = Context.current()
  let nextPageToken: Uint8Array | null | undefined
  do {
    const page = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: info.namespace,
      execution: info.workflowExecution,
      maximumPageSize: EVENTS_AT_A_TIME,
      nextPageToken,
    })
    const found = (page.history?.events ?? []).map(updateOf).find((meta) => meta?.updateId === updateId)
    if (found) return found.identity || null
    nextPageToken = page.nextPageToken
  } while (nextPageToken?.length)
  return null
}

/** After a reset the update comes back as admitted, and its acceptance says nothing of it. */
function updateOf({
  workflowExecutionUpdateAcceptedEventAttributes: accepted,
  workflowExecutionUpdateAdmittedEventAttributes: admitted,
}: Event) {
  return accepted?.acceptedRequest?.meta ?? admitted?.request?.meta
}
