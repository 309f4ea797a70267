import type { PayloadCodec } from '@temporalio/common'
import { Worker, type WorkflowBundleOption } from '@temporalio/worker'

/** A history, as the SDK gives it or as the JSON that Temporal's own tools export. */
export interface ReplayedHistory {
  readonly workflowId: string
  readonly history: unknown
}

export interface ReplayOutcome {
  readonly workflowId: string
  /** Null: it replays. */
  readonly failure: { readonly type: string; readonly message: string } | null
}

export interface ReplayCheckOptions {
  readonly workflowBundle: WorkflowBundleOption
  /** What arguments and results went through. Default: nothing. */
  readonly payloadCodecs?: PayloadCodec[]
}

/** Replays histories on workflow code, one after the other, and tells of each how that ended. Nothing is done again: no activity runs. */
export async function checkReplays(
  { workflowBundle, payloadCodecs = [] }: ReplayCheckOptions,
  histories: AsyncIterable<ReplayedHistory> | Iterable<ReplayedHistory>,
): Promise<readonly ReplayOutcome[]> {
  const outcomes: ReplayOutcome[] = []
  const options = { workflowBundle, dataConverter: { payloadCodecs } }
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    outcomes.push({ workflowId, failure: error ? { type: error.name, message: error.message } : null })
  return outcomes
}
