import { ResegmentError } from './resegment-error.ts'

/** A file that an attempt was reading was removed from the worker's disk. The next attempt fetches it again. */
export class CopyGone extends ResegmentError {
  readonly type = 'CopyGone'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
