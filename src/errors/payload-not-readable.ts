import { ResegmentError } from './resegment-error.ts'

/** Something in Temporal was encrypted with a key that this process has not. A worker that has it goes on. */
export class PayloadNotReadable extends ResegmentError {
  readonly type = 'PayloadNotReadable'
  readonly retry = 'try-again'
  readonly recovery = 'retry'
}
