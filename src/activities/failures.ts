import { ApplicationFailure, CancelledFailure } from '@temporalio/activity'
import { CopyGone } from '../errors/copy-gone.ts'
import { DestinationUnavailable } from '../errors/destination-unavailable.ts'
import { NoticeUnavailable } from '../errors/notice-unavailable.ts'
import { OutOfMemory } from '../errors/out-of-memory.ts'
import { type Recovery, ResegmentError } from '../errors/resegment-error.ts'
import { ScratchFull } from '../errors/scratch-full.ts'
import { SourceNotComplete } from '../errors/source-not-complete.ts'

/** Details of a failure as they travel: what the workflow turns into the message for the operator. */
export interface FailureDetails {
  readonly what: string
  readonly remedy: string
  readonly recovery: Recovery
}

/** A failure that the server finds too large is lost, and its attempt waits for the time-out of its heartbeat. */
const LONGEST_MESSAGE = 10_000
/** What the engine says of values that do not fit; it quotes them, and they may be personal. */
const QUOTES_VALUES = /\b(Conversion|Invalid Input|Invalid|Out of Range|Constraint) Error\b/

/**
 * The only place where our errors become Temporal's. An unknown error is retried. Causes stay behind: histories are read by many, and the
 * words of engines and databases quote rows.
 */
export function toActivityFailure(thrown: unknown): unknown {
  if (thrown instanceof CancelledFailure) return thrown
  const error = explainMachine(thrown)
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

/** The engine, as it says that a file does not fit, or what it spills; the latter it takes for a want of memory. */
const NO_ROOM = /^(IO|Out of Memory) Error: .*(No space left on device|Disk quota exceeded|max_temp_directory_size)/s

/** The engine, of a file that was there when the query was made. */
const NO_FILE = /^IO Error: No files found that match the pattern (?<path>".*")/

function explainMachine(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ResegmentError) return error
  const [firstLine] = error.message.split('\n')
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || NO_ROOM.test(error.message))
    return new ScratchFull(
      `The disk of the worker is full: ${firstLine!}`,
      'Give the folder RESEGMENT_CACHE a larger disk, or remove what else lies there; the run goes on by itself.',
      { cause: error },
    )
  const gone = NO_FILE.exec(error.message)
  if (gone)
    return new CopyGone(
      `${gone.groups!.path!} was removed from the worker's disk while it was read.`,
      'An erasure does so, and whoever cleans RESEGMENT_CACHE; the next attempt fetches it again.',
      { cause: error },
    )
  // The same query over the same rows with the same limit: another attempt ends where this one did.
  if (error.message.startsWith('Out of Memory Error'))
    return new OutOfMemory(
      `The engine of the worker is out of memory: ${firstLine!}`,
      'Raise RESEGMENT_MEMORY_LIMIT on the workers, give them more memory or disk, then retry.',
    )
  return error
}

function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (!QUOTES_VALUES.test(error.message))
    return error.message.length > LONGEST_MESSAGE
      ? ApplicationFailure.create({ type: error.name, message: `${error.message.slice(0, LONGEST_MESSAGE)} …` })
      : error
  const [firstLine] = error.message.split('\n')
  return ApplicationFailure.create({ type: error.name, message: firstLine!.replace(/'[^']*'|"[^"]*"/g, '…') })
}
