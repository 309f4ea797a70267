import { ResegmentError } from './resegment-error.ts'

/** An outside system could not be reached or broke the connection. */
export class ConnectionFailed extends ResegmentError {
  readonly type = 'ConnectionFailed'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
