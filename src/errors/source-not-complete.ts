import { ResegmentError } from './resegment-error.ts'

/** A source has not yet the rows that `complete` asks for. The run looks again until `schedule.waitForLateData` is over. */
export class SourceNotComplete extends ResegmentError {
  readonly type = 'SourceNotComplete'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
  /** When to look again. */
  readonly retryAfterMs: number

  constructor(what: string, remedy: string, retryAfterMs: number) {
    super(what, remedy)
    this.retryAfterMs = retryAfterMs
  }
}
