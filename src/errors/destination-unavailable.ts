import { ResegmentError } from './resegment-error.ts'

/** A destination of `activate` does not answer, or asks to wait. What is pending is sent again. */
export class DestinationUnavailable extends ResegmentError {
  readonly type = 'DestinationUnavailable'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
  /** When it asked to be tried again. */
  readonly retryAfterMs: number | undefined

  constructor(what: string, remedy: string, retryAfterMs?: number) {
    super(what, remedy)
    this.retryAfterMs = retryAfterMs
  }
}
