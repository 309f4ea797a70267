import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { DestinationUnavailable } from '../errors/destination-unavailable.ts'
import { NoticeUnavailable } from '../errors/notice-unavailable.ts'
import { OutOfMemory } from '../errors/out-of-memory.ts'
import { ResegmentError } from '../errors/resegment-error.ts'
import { SourceNotComplete } from '../errors/source-not-complete.ts'

/** Details of a failure as they travel: what the workflow turns into the message for the operator. */
export interface FailureDetails {
  readonly what: string
  readonly remedy: string
  readonly recovery: 'retry' | 'rerun'
}

/** What the engine says of values that do not fit; it quotes them, and they may be personal. */
const QUOTES_VALUES = /\b(Conversion|Invalid Input|Invalid|Out of Range|Constraint) Error\b/

/**
 * The only place where our errors become Temporal's. An unknown error is retried. Causes stay behind: histories are read by many, and the
 * words of engines and databases quote rows.
 */
export function toActivityFailure(thrown: unknown): unknown {
  if (thrown instanceof CancelledFailure) return thrown
  const error = explainMemory(thrown)
  if (!(error instanceof ResegmentError)) return withoutValues(error)
  const details: FailureDetails = { what: error.what, remedy: error.remedy, recovery: error.recovery }
  return ApplicationFailure.create({
    type: error.type,
    message: error.message,
    nonRetryable: error.retry === 'give-up',
    details: [details],
    // Waiting for rows is no trouble: it is neither logged nor counted as a failure.
    ...(error instanceof SourceNotComplete ? { category: 'BENIGN', nextRetryDelay: error.retryAfterMs } : {}),
    ...((error instanceof DestinationUnavailable || error instanceof NoticeUnavailable) && error.retryAfterMs
      ? { nextRetryDelay: error.retryAfterMs }
      : {}),
  })
}

/** The same query over the same rows with the same limit: another attempt ends where this one did. */
function explainMemory(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('Out of Memory Error')) return error
  return new OutOfMemory(
    `The engine of the worker is out of memory: ${error.message.split('\n')[0]!}`,
    'Raise RESEGMENT_MEMORY_LIMIT on the workers, give them more memory or disk, then retry.',
  )
}

function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error) || !QUOTES_VALUES.test(error.message)) return error
  const [firstLine] = error.message.split('\n')
  return ApplicationFailure.create({ type: error.name, message: firstLine!.replace(/'[^']*'|"[^"]*"/g, '…') })
}
