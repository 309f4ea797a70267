import type { PayloadCodec } from '@temporalio/common'
import { Worker, type WorkflowBundleOption } from '@temporalio/worker'
import { PayloadNotReadable } from '../errors/payload-not-readable.ts'

/** A history, as the SDK gives it or as the JSON that Temporal's own tools export. */
export interface ReplayedHistory {
  readonly workflowId: string
  readonly history: unknown
}

export interface ReplayOutcome {
  readonly workflowId: string
  /** Null: it replays. `PayloadNotReadable`: a key is missing here, which says nothing of the version. */
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
  // The SDK tells of it only as text within text.
  let unreadable: PayloadNotReadable | undefined
  const watched = payloadCodecs.map((codec) => telling(codec, (error) => (unreadable ??= error)))
  const options = { workflowBundle, dataConverter: { payloadCodecs: watched } }
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    const failure = error ? (unreadable ?? error) : null
    outcomes.push({ workflowId, failure: failure && { type: failure.name, message: failure.message } })
    unreadable = undefined
  }
  return outcomes
}

function telling(codec: PayloadCodec, tell: (error: PayloadNotReadable) => void): PayloadCodec {
  return {
    encode: (payloads) => codec.encode(payloads),
    decode: (payloads) =>
      codec.decode(payloads).catch((error: unknown) => {
        if (error instanceof PayloadNotReadable) tell(error)
        throw error
      }),
  }
}
