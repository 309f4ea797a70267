import { ResegmentError } from './resegment-error.ts'

/** A channel of `notify` does not answer, or asks to wait. The notice is sent again. */
export class NoticeUnavailable extends ResegmentError {
  readonly type = 'NoticeUnavailable'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
  /** When it asked to be tried again. */
  readonly retryAfterMs: number | undefined

  constructor(what: string, remedy: string, retryAfterMs?: number) {
    super(what, remedy)
    this.retryAfterMs = retryAfterMs
  }
}
